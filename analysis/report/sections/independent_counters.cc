// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/model/extremes.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

struct Column {
    const char* title;
    Build build;
    Source source;
};

constexpr std::array<Column, 6> columns{{{"prediction", Build::counted, Source::prediction},
                                         {"ledger", Build::counted, Source::ledger},
                                         {"BPF", Build::counted, Source::bpf},
                                         {"BPF, timed build", Build::timed, Source::bpf},
                                         {"fdinfo", Build::counted, Source::fdinfo},
                                         {"/proc", Build::counted, Source::proc}}};

// What more than one independent counter can count.
constexpr std::array<const char*, 8> compared{"syscalls",        "sqes",   "cqes",         "allocations",
                                              "allocated_bytes", "copies", "copied_bytes", "context_switches"};

// Parts that BPF names and the ledger does not know: the difference is theirs.
Text unknown_to_ledger(const Measurements& measured, const CellKey& cell, const char* metric) {
    if (std::string_view(metric) != "syscalls") return {};
    const auto known = measured.parts(cell, Source::ledger, metric);
    std::vector<Text> calls;
    for (const auto& [part, figure] : measured.parts(cell, Source::bpf, metric)) {
        if (!known.contains(part) && figure.present() && figure.value() > 0)
            calls.push_back(text_of(code(part), " ", count_text(figure.value())));
    }
    if (calls.empty()) return {};
    return text_of("not the server's own calls, but those of the C library's allocator: ", joined(calls, ", "));
}

// One row of the table, and what it says.
struct Comparison {
    Row row;
    bool several = false;         // two independent counters of the same window at least
    bool agreed = true;           // these
    bool foreseen = true;         // the prediction is what they counted
    bool same_when_timed = true;  // the timed build, another process in other windows, costs the same
    bool predicted = false;
};

Text explained(const Comparison& comparison, const Measurements& measured, const CellKey& cell, const char* metric) {
    if (!comparison.agreed) return unknown_to_ledger(measured, cell, metric);
    if (!comparison.same_when_timed && !comparison.predicted)
        return "between the builds: the socket cuts a value into other pieces each time";
    return {};
}

Comparison compare(const Measurements& measured, const CellKey& cell, const char* metric) {
    Comparison result;
    result.row = {code(to_string(cell.variant)),   code(cell.op),
                  document::count(cell.key_bytes), document::count(cell.value_bytes),
                  document::count(cell.pipeline),  code(metric)};
    std::optional<double> prediction;
    std::optional<double> timed;
    Extremes counted;
    std::size_t counter_count = 0;
    for (const Column& column : columns) {
        CellKey key = cell;
        key.build = column.build;
        const PerRequest figure = measured.figure(key, column.source, {metric, ""});
        if (!figure.present() && figure.reason().starts_with(std::string(name_of(column.source)) + " does not count")) {
            result.row.push_back(none());
            continue;
        }
        result.row.push_back(document::cell(figure));
        if (!figure.present()) continue;
        if (column.source == Source::prediction) {
            prediction = figure.value();
        } else if (column.build == Build::timed) {
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
    if (result.several)
        result.row.push_back(document::cell(PerRequest(*counted.most - *counted.least)));
    else
        result.row.emplace_back(counted.any() ? "one independent counter" : "none");
    result.row.emplace_back(explained(result, measured, cell, metric));
    return result;
}

}  // namespace

Section independent_counters(const Findings& findings) {
    std::vector<Text> header{"Server", "Operation", "Key bytes", "Value bytes", "Pipeline", "Metric"};
    for (const Column& column : columns) header.emplace_back(column.title);
    header.insert(header.end(), {"Difference", "Explanation"});
    Table every{header, {}}, remarkable{header, {}};
    std::size_t several = 0, differing = 0, unforeseen = 0, otherwise_timed = 0;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.build != Build::counted) continue;
        for (const char* const metric : compared) {
            const Comparison comparison = compare(findings.measured, cell, metric);
            several += comparison.several;
            differing += !comparison.agreed;
            unforeseen += !comparison.foreseen;
            otherwise_timed += !comparison.same_when_timed;
            if (!comparison.agreed || !comparison.foreseen || !comparison.same_when_timed)
                remarkable.rows.push_back(comparison.row);
            every.rows.push_back(comparison.row);
        }
    }
    Section section{"independent-counters", "Independent counters"};
    if (every.rows.empty()) return section;
    section.summary = {
        Paragraph{fmt::format("Of {} quantities, {} were counted by two independent counters or more: these differ in {}. A "
                              "prediction is not met in {}. "
                              "The timed build, another process in windows of its own, costs something else in {}.",
                              every.rows.size(), several, differing, unforeseen, otherwise_timed)}};
    section.details = {Paragraph{
        "Each figure is per request; the difference is between the independent counters of one window of the counted build."}};
    if (!remarkable.rows.empty())
        section.details.insert(section.details.end(), {Heading{3, "Where they differ"}, remarkable, Heading{3, "All of them"}});
    section.details.emplace_back(every);
    return section;
}

}  // namespace tare::sections
