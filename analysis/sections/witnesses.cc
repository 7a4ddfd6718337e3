// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/markdown.h"
#include "analysis/sections/sections.h"

namespace tare::sections {
namespace {

struct Column {
    const char* title;
    const char* build;
    const char* source;
};

constexpr std::array<Column, 6> columns{{{"prediction", "counted", "prediction"},
                                         {"ledger", "counted", "ledger"},
                                         {"BPF", "counted", "bpf"},
                                         {"BPF, timed build", "timed", "bpf"},
                                         {"fdinfo", "counted", "fdinfo"},
                                         {"/proc", "counted", "proc"}}};

// What more than one witness can count.
constexpr std::array<const char*, 8> compared{"syscalls",        "sqes",   "cqes",         "allocations",
                                              "allocated_bytes", "copies", "copied_bytes", "context_switches"};

// Parts that BPF names and the ledger does not know: the difference is theirs.
std::string unknown_to_ledger(const Measurements& measured, const CellKey& cell, const char* metric) {
    if (std::string_view(metric) != "syscalls") return "";
    const auto known = measured.parts(cell, "ledger", metric);
    std::string text;
    for (const auto& [part, figure] : measured.parts(cell, "bpf", metric)) {
        if (!known.contains(part) && figure.present() && figure.value() > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", markdown::code(part), figure.text());
    }
    return text.empty() ? "" : "not the server's own calls, but those of the C library's allocator: " + text;
}

struct Comparison {
    std::vector<std::string> line;
    bool several = false;  // two witnesses at least
    bool agreed = true;
};

Comparison compare(const Measurements& measured, const CellKey& cell, const char* metric, markdown::Notes& notes) {
    Comparison result;
    std::optional<double> least, most;
    std::size_t witness_count = 0;
    result.line = {markdown::code(to_string(cell.variant)), markdown::code(cell.op), std::to_string(cell.value_bytes),
                   markdown::code(metric)};
    for (const Column& column : columns) {
        CellKey key = cell;
        key.build = column.build;
        const Figure figure = measured.figure(key, column.source, {metric, ""});
        if (!figure.present() && figure.reason().starts_with(std::string(column.source) + " does not count")) {
            result.line.emplace_back("-");
            continue;
        }
        result.line.push_back(notes.shown(figure));
        // A timed build sleeps and wakes in its own rhythm: its switches are no second count of the same thing.
        if (!figure.present() || column.source == std::string_view("prediction") ||
            (metric == std::string_view("context_switches") && column.build == std::string_view("timed")))
            continue;
        ++witness_count;
        least = std::min(least.value_or(figure.value()), figure.value());
        most = std::max(most.value_or(figure.value()), figure.value());
    }
    result.several = witness_count > 1;
    result.agreed = !result.several || *least == *most;
    result.line.push_back(!result.several ? "one witness" : result.agreed ? "0" : Figure(*most - *least).text());
    result.line.push_back(result.agreed ? "" : unknown_to_ledger(measured, cell, metric));
    return result;
}

}  // namespace

std::string witnesses(const Findings& findings) {
    markdown::Notes notes("witnesses");
    std::vector<std::vector<std::string>> every;
    std::vector<std::vector<std::string>> differing;
    std::size_t several = 0;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.build != "counted") continue;
        for (const char* const metric : compared) {
            const Comparison comparison = compare(findings.measured, cell, metric, notes);
            several += comparison.several ? 1 : 0;
            if (!comparison.agreed) differing.push_back(comparison.line);
            every.push_back(comparison.line);
        }
    }
    std::vector<std::string> header{"Server", "Operation", "Value bytes", "Metric"};
    for (const Column& column : columns) header.emplace_back(column.title);
    header.insert(header.end(), {"Difference", "Explanation"});
    std::string text = fmt::format(
        "## Witnesses\n\nEach figure is per request. Of {} quantities, {} were counted by two witnesses or more; these differ in "
        "{}.\n\n",
        every.size(), several, differing.size());
    if (!differing.empty()) text += markdown::table(header, differing);
    return text + "<details><summary>All of them</summary>\n\n" + markdown::table(header, every) + "</details>\n\n" + notes.text();
}

}  // namespace tare::sections
