// SPDX-License-Identifier: Apache-2.0
// What servers do while nothing is asked of them: rates, from windows of their own (op `idle`, whose `requests` are
// milliseconds).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr double ms_per_s = 1000;
constexpr std::array<const char*, 4> shown_metrics{"syscalls", "allocations", "copies", "context_switches"};

Figure per_second(const Figure& per_ms) { return per_ms.present() ? Figure(per_ms.value() * ms_per_s) : per_ms; }

std::string rate(const Measurements& measured, const CellKey& cell, const char* metric, markdown::Notes& notes) {
    const std::string total = notes.shown(per_second(measured.figure(cell, "bpf", {metric, ""})));
    std::vector<std::string> parts;
    for (const auto& [name, per_ms] : measured.parts(cell, "bpf", metric))
        parts.push_back(markdown::escaped(name) + " " + notes.shown(per_second(per_ms)));
    return parts.empty() ? total : fmt::format("{}: {}", total, fmt::join(parts, ", "));
}

}  // namespace

std::string idle_activity(const Findings& findings) {
    const Measurements& measured = findings.measured;
    markdown::Notes notes("background");
    std::vector<std::vector<std::string>> rows;
    for (const CellKey& cell : measured.cells()) {
        if (cell.op != "idle") continue;
        std::vector<std::string> row{markdown::code(to_string(cell.variant)), fmt::format("{}", measured.requests_of(cell))};
        for (const char* const metric : shown_metrics) row.push_back(rate(measured, cell, metric, notes));
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return "";
    return "## Idle activity\n\nPer second, by BPF, of servers that were asked nothing, with one connection open:\n\n" +
           markdown::table({"Server", "Window ms", "System calls", "Allocations", "libc-visible copies", "Context switches"},
                           rows) +
           notes.text();
}

}  // namespace tare::sections
