// SPDX-License-Identifier: Apache-2.0
// System calls per request over the number of connections, with the fit over the completions per wait as the curve.
#include <fmt/format.h>

#include <map>

#include "analysis/amortisation.h"
#include "analysis/figures/figures.h"

namespace tare::figures {
namespace {

chart::Series series_of(const LoadMeasurements& load, const Amortisation& each, std::vector<std::string>& notes) {
    chart::Series series{to_string(each.workload.variant), {}};
    for (const Batch& batch : each.batches) {
        const auto connections = static_cast<double>(batch.cell.connections);
        series.points.push_back(point(connections, batch.calls, load, batch.cell));
        if (!batch.calls.present())
            notes.push_back(fmt::format("{} at {} connections is absent: {}", series.name, connections, batch.calls.reason()));
        if (each.line && batch.present()) series.curve.emplace_back(connections, each.line->at(1 / batch.size.estimate().value));
    }
    return series;
}

}  // namespace

chart::Chart syscalls_over_connections(const Findings& findings) {
    chart::Chart chart{"syscalls_over_connections",
                       "System calls per request under load",
                       "The counted build; the curve is a + b/B, with B the completions that one wait brought at that number of "
                       "connections.",
                       "lines",
                       {"connections", "log"},
                       {"system calls per request", "log"}};
    std::map<std::pair<std::string, std::uint64_t>, chart::Panel> panels;
    for (const Amortisation& each : amortisations(findings.load)) {
        if (each.batches.size() < 2) continue;
        const auto& workload = each.workload;
        chart::Panel& panel = panels[{workload.variant.server, workload.pipeline}];
        panel.title = fmt::format("{}, pipeline {}", workload.variant.server, workload.pipeline);
        panel.series.push_back(series_of(findings.load, each, chart.notes));
    }
    for (const auto& [key, panel] : panels) chart.panels.push_back(panel);
    if (panels.empty()) chart.notes.emplace_back("this run holds no server that was counted over numbers of connections");
    return chart;
}

}  // namespace tare::figures
