// SPDX-License-Identifier: Apache-2.0
// What servers do while nothing is asked of them: rates, from windows of their own (op `idle`, whose `requests` are
// milliseconds).
#include <fmt/format.h>

#include <array>

#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr double ms_per_s = 1000;
constexpr std::array<const char*, 4> shown_metrics{"syscalls", "allocations", "copies", "context_switches"};

PerRequest per_second(const PerRequest& per_ms) {
    return per_ms.transform([](double each) { return each * ms_per_s; });
}

Cell rate(const Measurements& measured, const CellKey& cell, const char* metric) {
    Cell rate = document::cell(per_second(measured.figure(cell, Source::bpf, {metric, ""})));
    std::vector<Text> parts;
    for (const auto& [name, per_ms] : measured.parts(cell, Source::bpf, metric))
        parts.push_back(text_of(name, " ", shown(per_second(per_ms))));
    if (!parts.empty()) rate.content += text_of(": ", joined(parts, ", "));
    rate.type = document::CellType::text;
    return rate;
}

}  // namespace

Section idle_activity(const Findings& findings) {
    const Measurements& measured = findings.measured;
    Table table{{"Server", "Window ms", "System calls", "Allocations", "libc-visible copies", "Context switches"}, {}};
    for (const CellKey& cell : measured.cells()) {
        if (cell.kind != Kind::idle) continue;
        Row row{code(to_string(cell.variant)), document::count(measured.requests_of(cell))};
        for (const char* const metric : shown_metrics) row.push_back(rate(measured, cell, metric));
        table.rows.push_back(std::move(row));
    }
    Section section{"idle-activity", "Idle activity"};
    if (table.rows.empty()) return section;
    section.summary = {
        Paragraph{
            "Per second, by BPF, of servers that were asked nothing, with one connection open. It is no part of what a request "
            "costs, and is subtracted from it."},
        table};
    return section;
}

}  // namespace tare::sections
