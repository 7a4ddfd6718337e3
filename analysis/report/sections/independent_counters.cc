// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/model/extremes.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

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

// What more than one independent counter can count.
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

// One line of the table, and what it says.
struct Comparison {
    std::vector<std::string> line;
    bool several = false;         // two independent counters of the same window at least
    bool agreed = true;           // these
    bool foreseen = true;         // the prediction is what they counted
    bool same_when_timed = true;  // the timed build, another process in other windows, costs the same
    bool predicted = false;
};

std::string explained(const Comparison& comparison, const Measurements& measured, const CellKey& cell, const char* metric) {
    if (!comparison.agreed) return unknown_to_ledger(measured, cell, metric);
    if (!comparison.same_when_timed && !comparison.predicted)
        return "between the builds: the socket cuts a value into other pieces each time";
    return "";
}

Comparison compare(const Measurements& measured, const CellKey& cell, const char* metric, markdown::Notes& notes) {
    Comparison result;
    result.line = {markdown::code(to_string(cell.variant)), markdown::code(cell.op),       std::to_string(cell.key_bytes),
                   std::to_string(cell.value_bytes),        std::to_string(cell.pipeline), markdown::code(metric)};
    std::optional<double> prediction;
    std::optional<double> timed;
    Extremes counted;
    std::size_t counter_count = 0;
    for (const Column& column : columns) {
        CellKey key = cell;
        key.build = column.build;
        const Figure figure = measured.figure(key, column.source, {metric, ""});
        if (!figure.present() && figure.reason().starts_with(std::string(column.source) + " does not count")) {
            result.line.emplace_back("-");
            continue;
        }
        result.line.push_back(notes.shown(figure));
        if (!figure.present()) continue;
        if (column.source == std::string_view("prediction")) {
            prediction = figure.value();
        } else if (column.build == std::string_view("timed")) {
            timed = figure.value();
        } else {
            ++counter_count;
            counted.include(figure.value());
        }
    }
    result.predicted = prediction.has_value();
    result.several = counter_count > 1;
    result.agreed = counted.single();
    result.foreseen = !prediction || !counted.any() || (*prediction == *counted.least && *prediction == *counted.most);
    // A process sleeps and wakes in its own rhythm: its switches are no second count of the same thing.
    result.same_when_timed = metric == std::string_view("context_switches") || !timed || !counted.any() ||
                             (counted.single() && *timed == *counted.most);
    result.line.push_back(!result.several ? (counted.any() ? "one independent counter" : "none")
                          : result.agreed ? "0"
                                          : Figure(*counted.most - *counted.least).text());
    result.line.push_back(explained(result, measured, cell, metric));
    return result;
}

}  // namespace

std::string independent_counters(const Findings& findings) {
    markdown::Notes notes("independent-counters");
    std::vector<std::vector<std::string>> every;
    std::vector<std::vector<std::string>> remarkable;
    std::size_t several = 0, differing = 0, unforeseen = 0, otherwise_timed = 0;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.build != "counted") continue;
        for (const char* const metric : compared) {
            const Comparison comparison = compare(findings.measured, cell, metric, notes);
            several += comparison.several;
            differing += !comparison.agreed;
            unforeseen += !comparison.foreseen;
            otherwise_timed += !comparison.same_when_timed;
            if (!comparison.agreed || !comparison.foreseen || !comparison.same_when_timed) remarkable.push_back(comparison.line);
            every.push_back(comparison.line);
        }
    }
    std::vector<std::string> header{"Server", "Operation", "Key bytes", "Value bytes", "Pipeline", "Metric"};
    for (const Column& column : columns) header.emplace_back(column.title);
    header.insert(header.end(), {"Difference", "Explanation"});
    std::string text = fmt::format(
        "## Independent counters\n\nEach figure is per request; the difference is between the independent counters of one "
        "window of the counted build. Of {} quantities, {} were counted by two independent counters or more: these differ in "
        "{}. A prediction is not met in {}. The timed build, another process in windows of its own, costs something else in "
        "{}.\n\n",
        every.size(), several, differing, unforeseen, otherwise_timed);
    if (!remarkable.empty()) text += markdown::table(header, remarkable);
    return text + "<details><summary>All of them</summary>\n\n" + markdown::table(header, every) + "</details>\n\n" +
           notes.text();
}

}  // namespace tare::sections
