// SPDX-License-Identifier: Apache-2.0
// Over the number of connections: the completions that one wait brings, and the system calls that a request takes for it.
#include "analysis/model/amortisation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/model/ladder_order.h"
#include "analysis/report/cells.h"
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

// "At 256 connections from 1 (a) to 31 (b)", over all panels.
std::string finding(const std::vector<chart::Panel>& panels, const char* what) {
    std::vector<chart::Series> all;
    std::optional<double> most;
    for (const chart::Panel& panel : panels) {
        for (const chart::Series& series : panel.series) {
            all.push_back(series);
            for (const chart::Point& point : series.points) most = std::max(most.value_or(0), std::get<double>(point.x));
        }
    }
    const std::optional<Ends> ends = most ? ends_at(all, *most) : std::nullopt;
    if (!ends) return "";
    return fmt::format("At {} connections {} from {} ({}) to {} ({}).", *most, what, document::number(ends->least),
                       ends->least_name, document::number(ends->most), ends->most_name);
}

// A panel for each server and pipeline.
chart::Chart over_connections(const Findings& findings, Sample Batch::*sample, chart::Chart chart, const char* what) {
    std::map<std::pair<std::string, std::uint64_t>, chart::Panel> panels;
    std::vector<Amortisation> all = amortisations(findings.load);
    std::stable_sort(all.begin(), all.end(), [](const Amortisation& left, const Amortisation& right) {
        return stands_before(left.workload.variant, right.workload.variant);
    });
    for (const Amortisation& each : all) {
        if (each.batches.size() < 2) continue;
        const auto& workload = each.workload;
        chart::Panel& panel = panels[{workload.variant.server, workload.pipeline}];
        panel.title = fmt::format("{}, pipeline {}", workload.variant.server, workload.pipeline);
        panel.series.push_back(series_of(findings.load, each, sample, chart.notes));
    }
    for (const auto& [key, panel] : panels) chart.panels.push_back(panel);
    if (panels.empty()) chart.notes.emplace_back("this run holds no server that was counted over numbers of connections");
    chart = finished(std::move(chart));
    chart.finding = finding(chart.panels, what);
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
                             {"completions per wait", "log"}},
                            "one wait brings");
}

chart::Chart syscalls_over_connections(const Findings& findings) {
    return over_connections(findings, &Batch::calls,
                            {"syscalls_over_connections",
                             "System calls per request under load",
                             "The counted build. What shrinks is awaited / B, B being the completions that one wait brings.",
                             "lines",
                             {"connections", "log"},
                             {"system calls per request", "log"}},
                            "a request takes");
}

}  // namespace tare::figures
