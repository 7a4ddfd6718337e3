// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/model/extremes.h"
#include "analysis/model/idle_activity.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr std::array<const char*, 5> sources{"ledger", "bpf", "fdinfo", "proc", "client"};

// When a thread leaves its core is the scheduler's choice as well as the request's.
constexpr std::string_view scheduled = "context_switches";

}  // namespace

// A cost that a window has once and not for each request would show as a difference between its two windows.
std::string two_windows(const Findings& findings) {
    const Measurements& measured = findings.measured;
    std::size_t compared = 0;
    Extremes switches;
    std::vector<std::vector<std::string>> differing;
    for (const CellKey& cell : measured.cells()) {
        if (is_idle_activity(cell)) continue;
        for (const char* const source : sources) {
            for (const std::string& metric : measured.metrics_of(cell)) {
                const Figure first = measured.figure(cell, source, {metric, ""});
                const Figure extra = measured.extra_figure(cell, source, {metric, ""});
                if (!first.present() || !extra.present()) continue;
                if (metric == scheduled) {
                    switches.include(first.value());
                    switches.include(extra.value());
                    continue;
                }
                ++compared;
                if (first.value() == extra.value()) continue;
                differing.push_back({markdown::code(to_string(cell.variant)), cell.build, markdown::code(cell.op),
                                     std::to_string(cell.key_bytes), std::to_string(cell.value_bytes),
                                     std::to_string(cell.pipeline), source, markdown::code(metric), first.text(), extra.text()});
            }
        }
    }
    std::string text = fmt::format(
        "## Linearity check\n\nEvery cell has a window of N requests and one of 2N. The requests that the second has more "
        "must cost what those of the first cost: of {} quantities, {} do not.",
        compared, differing.size());
    if (switches.any())
        text += fmt::format(" Context switches, where the scheduler has a say, are between {} and {} a request.",
                            Figure(*switches.least).text(), Figure(*switches.most).text());
    text += "\n\n";
    if (!differing.empty())
        text += markdown::table(
            {"Server", "Build", "Operation", "Key bytes", "Value bytes", "Pipeline", "Source", "Metric", "First N", "N more"},
            differing);
    return text;
}

}  // namespace tare::sections
