// SPDX-License-Identifier: Apache-2.0
// One suite a cell, one case for each gated quantity: crossed is a failure, and so is what could not be judged where the gate
// has it fail; where it refuses it, an error; where it lets it pass, skipped. The marks of a case's windows are its system-out.
#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

struct Tally {
    unsigned tests = 0;
    unsigned failures = 0;
    unsigned errors = 0;
    unsigned skipped = 0;

    Tally& operator+=(const Tally& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        skipped += other.skipped;
        return *this;
    }
};

void set(pugi::xml_node node, const char* name, const std::string& value) { node.append_attribute(name) = value.c_str(); }

void set(pugi::xml_node node, const Tally& tally) {
    node.append_attribute("tests") = tally.tests;
    node.append_attribute("failures") = tally.failures;
    node.append_attribute("errors") = tally.errors;
    node.append_attribute("skipped") = tally.skipped;
}

void property(pugi::xml_node properties, const char* name, const std::string& value) {
    pugi::xml_node node = properties.append_child("property");
    set(node, "name", name);
    set(node, "value", plain(value));
}

// What the gate made of a row, as a child of its case, and counted.
Tally add_outcome(pugi::xml_node test, const Comparison& comparison, const ComparedRow& row) {
    const auto add = [&](const char* element, const std::string& message) {
        pugi::xml_node node = test.append_child(element);
        set(node, "message", plain(message));
        return node;
    };
    const std::string unjudged =
        row.verdict == Verdict::unresolved ? finding_text(row) : fmt::format("{}: {}", name_of(row.verdict), row.reason);
    if (row.outcome == Outcome::crossed) {
        pugi::xml_node node = add("failure", finding_text(row));
        set(node, "type", "gate");
        node.text() = parts_text(comparison, row).c_str();
        return {1, 1, 0, 0};
    }
    if (row.outcome == Outcome::failed) {
        set(add("failure", unjudged), "type", "unjudged");
        return {1, 1, 0, 0};
    }
    if (row.outcome == Outcome::unmeasured) {
        set(add("error", unjudged), "type", "unmeasured");
        return {1, 0, 1, 0};
    }
    const bool one_sided = row.verdict == Verdict::only_in_base || row.verdict == Verdict::only_in_head;
    const bool judged = row.verdict != Verdict::absent && row.verdict != Verdict::unresolved && !one_sided;
    if (row.outcome == Outcome::allowed || judged) return {1, 0, 0, 0};
    add("skipped", one_sided ? std::string(name_of(row.verdict)) : unjudged);
    return {1, 0, 0, 1};
}

}  // namespace

std::string junit_format(const Comparison& comparison) {
    pugi::xml_document document;
    pugi::xml_node suites = document.append_child("testsuites");
    set(suites, "name", comparison.forced.empty() ? "tare compare" : "tare compare, INCOMPARABLE");
    Tally all, of_cell;
    pugi::xml_node suite;
    const CellKey* cell = nullptr;
    const auto close = [&] {
        if (cell != nullptr) set(suite, of_cell);
        of_cell = {};
    };
    for (const ComparedRow& row : comparison.rows) {
        if (row.outcome == Outcome::not_gated) continue;
        if (cell == nullptr || *cell != row.cell) {
            close();
            cell = &row.cell;
            suite = suites.append_child("testsuite");
            set(suite, "name", plain(name_of(*cell)));
            pugi::xml_node properties = suite.append_child("properties");
            property(properties, "base", party_text(comparison.base));
            property(properties, "head", party_text(comparison.head));
            if (!comparison.forced.empty()) property(properties, "incomparable", comparison.forced_notice());
        }
        pugi::xml_node test = suite.append_child("testcase");
        set(test, "name", quantity_text(row.quantity) + fmt::format(" by {}", name_of(row.source)));
        set(test, "classname", plain(name_of(row.cell)));
        const Tally one = add_outcome(test, comparison, row);
        if (const std::string marks = marks_text(row); !marks.empty())
            test.append_child("system-out").text() = ("marks: " + plain(marks)).c_str();
        of_cell += one;
        all += one;
    }
    close();
    set(suites, all);
    std::ostringstream text;
    document.save(text, " ");
    return text.str();
}

}  // namespace tare::compare
