// SPDX-License-Identifier: Apache-2.0
// Latency of a small value at 64 connections: both back ends as described and ideal, the no-op baselines, and external servers.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/model/ideals.h"
#include "analysis/model/sweep.h"
#include "analysis/report/cells.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::figures {
namespace {

constexpr std::array<const char*, 5> percentiles{"p50", "p90", "p99", "p99.9", "p99.99"};
constexpr double ns_per_us = 1000;

std::vector<VariantName> variants_shown(const LoadMeasurements& load) {
    std::vector<VariantName> variants;
    for (const Ideal& ideal : ideals()) variants.insert(variants.end(), {ideal.described, ideal.ideal});
    const auto add_those = [&](const auto& wanted) {
        for (const CellKey& cell : load.timed_cells()) {
            if (wanted(cell) && std::find(variants.begin(), variants.end(), cell.variant) == variants.end())
                variants.push_back(cell.variant);
        }
    };
    add_those([](const CellKey& cell) { return cell.build == Build::external; });
    add_those([](const CellKey& cell) { return cell.variant.server == "null"; });
    return variants;
}

void add_panel(chart::Chart& chart, const Findings& findings, std::uint64_t pipeline, bool open) {
    const LoadMeasurements& load = findings.load;
    std::vector<CellKey> cells;
    for (const VariantName& variant : variants_shown(load)) {
        const std::optional<CellKey> cell = small_load_cell(load, variant, pipeline);
        if (cell && (!open || load.has_open_loop(*cell))) cells.push_back(*cell);
    }
    chart::Panel panel{open ? fmt::format("open loop {}, pipeline {}", load.offered_text(cells), pipeline)
                            : fmt::format("closed loop, pipeline {}", pipeline)};
    for (const CellKey& cell : cells) {
        chart::Series series{to_string(cell.variant), {}};
        for (const char* const percentile : percentiles) {
            const Merged& latency = load.percentile(cell, open ? "open_latency_ns" : "latency_ns", percentile);
            series.points.push_back(point(std::string(percentile), latency, 1 / ns_per_us, load, cell));
            if (!latency.estimate.present())
                chart.notes.push_back(
                    fmt::format("{}: {} of {} is absent: {}", panel.title, percentile, series.name, latency.estimate.reason()));
        }
        panel.series.push_back(series);
    }
    if (panel.series.empty())
        chart.notes.push_back(fmt::format("{}: this run holds no latency of a small value at 64 connections", panel.title));
    else
        chart.panels.push_back(panel);
}

}  // namespace

chart::Chart latency_percentiles(const Findings& findings) {
    chart::Chart chart{"latency_percentiles",
                       "Latency under load",
                       std::string("GET hit of a small value, 64 connections; all repetitions together. ") +
                           std::string(sections::loopback_caveat),
                       "lines",
                       {"percentile", "category"},
                       {"latency, us", "log"}};
    for (const std::uint64_t pipeline : {1, 16}) {
        add_panel(chart, findings, pipeline, false);
        add_panel(chart, findings, pipeline, true);
    }
    chart = finished(std::move(chart));
    for (const chart::Panel& panel : chart.panels) {
        const auto median = ends_at(panel.series, std::string("p50")), tail = ends_at(panel.series, std::string("p99"));
        if (!median || !tail) continue;
        chart.finding =
            fmt::format("With {}, half of all replies come within {} us ({}) to {} us ({}), 99 % within {} to {} us.",
                        panel.title, document::number(median->least), median->least_name, document::number(median->most),
                        median->most_name, document::number(tail->least), document::number(tail->most));
        break;
    }
    return chart;
}

}  // namespace tare::figures
