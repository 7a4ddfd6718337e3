// SPDX-License-Identifier: Apache-2.0
// Over the number of connections: the completions that one wait brings, and the system calls that a request takes for it.
#include "analysis/model/amortisation.h"

#include <fmt/format.h>

#include <map>

#include "analysis/report/figures/figures.h"

namespace tare::figures {
namespace {

chart::Series series_of(const LoadMeasurements& load, const Amortisation& each, Sample Batch::*sample,
                        std::vector<std::string>& notes) {
    chart::Series series{to_string(each.workload.variant), {}};
    for (const Batch& batch : each.batches) {
        const auto connections = static_cast<double>(batch.cell.connections);
        series.points.push_back(point(connections, batch.*sample, load, batch.cell));
        if (!(batch.*sample).present())
            notes.push_back(
                fmt::format("{} at {} connections is absent: {}", series.name, connections, (batch.*sample).reason()));
    }
    return series;
}

// A panel for each server and pipeline.
chart::Chart over_connections(const Findings& findings, Sample Batch::*sample, chart::Chart chart) {
    std::map<std::pair<std::string, std::uint64_t>, chart::Panel> panels;
    for (const Amortisation& each : amortisations(findings.load)) {
        if (each.batches.size() < 2) continue;
        const auto& workload = each.workload;
        chart::Panel& panel = panels[{workload.variant.server, workload.pipeline}];
        panel.title = fmt::format("{}, pipeline {}", workload.variant.server, workload.pipeline);
        panel.series.push_back(series_of(findings.load, each, sample, chart.notes));
    }
    for (const auto& [key, panel] : panels) chart.panels.push_back(panel);
    if (panels.empty()) chart.notes.emplace_back("this run holds no server that was counted over numbers of connections");
    return chart;
}

}  // namespace

chart::Chart completions_per_wait(const Findings& findings) {
    return over_connections(findings, &Batch::size,
                            {"completions_per_wait",
                             "Completions per wait under load",
                             "B of the counted build: CQEs over io_uring_enter, events over epoll_wait.",
                             "lines",
                             {"connections", "log"},
                             {"completions per wait", "log"}});
}

chart::Chart syscalls_over_connections(const Findings& findings) {
    return over_connections(findings, &Batch::calls,
                            {"syscalls_over_connections",
                             "System calls per request under load",
                             "The counted build. What shrinks is awaited / B, B being the completions that one wait brings.",
                             "lines",
                             {"connections", "log"},
                             {"system calls per request", "log"}});
}

}  // namespace tare::figures
