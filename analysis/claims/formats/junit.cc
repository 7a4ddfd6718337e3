// SPDX-License-Identifier: Apache-2.0
// One suite a file of claims, one case for each claim and operation: disproved is a failure; not judged an error where the file
// says that it must be, and else skipped.
#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "analysis/claims/formats/formats.h"
#include "core/plain_text.h"

namespace tare::claims {
namespace {

void set(pugi::xml_node node, const char* name, const std::string& value) { node.append_attribute(name) = value.c_str(); }

}  // namespace

std::string junit_format(const Check& check) {
    pugi::xml_document document;
    pugi::xml_node suites = document.append_child("testsuites");
    set(suites, "name", "tare check");
    pugi::xml_node suite = suites.append_child("testsuite");
    set(suite, "name", plain(check.claims->name));
    unsigned failures = 0, errors = 0, skipped = 0;
    for (const Judgement& judgement : check.judgements) {
        pugi::xml_node test = suite.append_child("testcase");
        set(test, "name", plain(judgement.claim->id) + ": " + subject_text(judgement));
        set(test, "classname", plain(judgement.claim->server));
        if (judgement.verdict == Verdict::confirmed) continue;
        const bool disproved = judgement.verdict == Verdict::disproved;
        const bool needed = judgement.claim->must;
        ++(disproved ? failures : needed ? errors : skipped);
        pugi::xml_node node = test.append_child(disproved ? "failure" : needed ? "error" : "skipped");
        set(node, "message", disproved ? finding_text(judgement) : because_text(judgement));
        if (disproved || needed) set(node, "type", disproved ? "disproved" : "not judged");
        node.text() = fmt::format("{}\n{}", because_text(judgement), plain(judgement.claim->where)).c_str();
    }
    for (pugi::xml_node node : {suite, suites}) {
        node.append_attribute("tests") = check.judgements.size();
        node.append_attribute("failures") = failures;
        node.append_attribute("errors") = errors;
        node.append_attribute("skipped") = skipped;
    }
    std::ostringstream text;
    document.save(text, " ");
    return text.str();
}

}  // namespace tare::claims
