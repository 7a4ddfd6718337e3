// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/model/extremes.h"
#include "analysis/model/idle_activity.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr std::array sources{Source::ledger, Source::bpf, Source::fdinfo, Source::proc, Source::client};

// When a thread leaves its core is the scheduler's choice as well as the request's.
constexpr std::string_view scheduled = "context_switches";

}  // namespace

// A cost that a window has once and not for each request would show as a difference between its two windows.
Section two_windows(const Findings& findings) {
    const Measurements& measured = findings.measured;
    std::size_t compared = 0;
    Extremes switches;
    Table table{{"Server", "Build", "Operation", "Key bytes", "Value bytes", "Pipeline", "Source", "Metric", "First N", "N more"},
                {}};
    for (const CellKey& cell : measured.cells()) {
        if (is_idle_activity(cell)) continue;
        for (const Source source : sources) {
            for (const std::string& metric : measured.metrics_of(cell)) {
                const PerRequest first = measured.figure(cell, source, {metric, ""});
                const PerRequest extra = measured.extra_figure(cell, source, {metric, ""});
                if (!first.present() || !extra.present()) continue;
                if (metric == scheduled) {
                    switches.include(first.value());
                    switches.include(extra.value());
                    continue;
                }
                ++compared;
                if (first.value() == extra.value()) continue;
                table.rows.push_back({code(to_string(cell.variant)), name_of(cell.build), code(cell.op),
                                      document::count(cell.key_bytes), document::count(cell.value_bytes),
                                      document::count(cell.pipeline), name_of(source), code(metric), document::cell(first),
                                      document::cell(extra)});
            }
        }
    }
    Section section{"linearity-check", "Linearity check"};
    if (measured.cells().empty()) return section;
    Text found = fmt::format(
        "Every cell has a window of N requests and one of 2N. The requests that the second has more must cost what those of the "
        "first cost: of {} quantities, {} do not.",
        compared, table.rows.size());
    if (switches.any())
        found +=
            switches.single()
                ? fmt::format(" Context switches, where the scheduler has a say, are {} a request.", count_text(*switches.least))
                : fmt::format(" Context switches, where the scheduler has a say, are between {} and {} a request.",
                              count_text(*switches.least), count_text(*switches.most));
    section.summary = {Paragraph{found}};
    if (!table.rows.empty()) section.details = {table};
    return section;
}

}  // namespace tare::sections
