// SPDX-License-Identifier: Apache-2.0
// CPU per request over the size of the value, io_uring against epoll, with the sizes at which they change places.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "analysis/case_study/figures/figures.h"
#include "analysis/model/ideals.h"
#include "analysis/model/sweep.h"
#include "analysis/report/cells.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::figures {
namespace {

chart::Series series_of(const LoadMeasurements& load, const VariantName& variant, const std::vector<CellKey>& cells,
                        std::vector<std::string>& notes) {
    chart::Series series{to_string(variant), {}};
    for (const CellKey& cell : cells) {
        const Sample cpu = load.cpu_ns(cell);
        series.points.push_back(point(static_cast<double>(cell.value_bytes), cpu, load, cell));
        if (!cpu.present())
            notes.push_back(fmt::format("{} at {} bytes is absent: {}", series.name, cell.value_bytes, cpu.reason()));
    }
    return series;
}

void add_panel(chart::Chart& chart, const CaseStudyFindings& findings, const char* title, const VariantName& left,
               const VariantName& right) {
    const auto ratios = compare_along(findings.load, left, right, Axis::value_bytes);
    if (ratios.empty()) {
        chart.notes.push_back(fmt::format("{}: this run holds no {} over sizes of the value", title, to_string(left)));
        return;
    }
    std::vector<CellKey> lefts, rights;
    for (const CpuRatio& each : ratios) {
        lefts.push_back(each.left);
        rights.push_back(each.right);
    }
    chart::Panel panel{fmt::format("{}, {} connections, pipeline {}", title, lefts[0].connections, lefts[0].pipeline)};
    panel.series = {series_of(findings.load, left, lefts, chart.notes), series_of(findings.load, right, rights, chart.notes)};
    for (const Crossing& crossing : crossover_of(ratio_points(ratios, Axis::value_bytes)).crossings)
        panel.lines.push_back({crossing.x, crossing.low, crossing.high, "crossover"});
    chart.panels.push_back(panel);
}

}  // namespace

chart::Chart cpu_over_value_size(const CaseStudyFindings& findings) {
    chart::Chart chart{
        "cpu_over_value_size",
        "CPU per request over the size of the value",
        std::string("Server CPU of a GET hit, median and 95 % interval. ") + std::string(sections::loopback_caveat),
        "lines",
        {"value, bytes", "log"},
        {"CPU per request, ns", "log"}};
    const auto& [uring, epoll] = ideals();
    add_panel(chart, findings, "As described", uring.described, epoll.described);
    add_panel(chart, findings, "Ideal", uring.ideal, epoll.ideal);
    std::vector<std::string> places;
    for (const chart::Panel& panel : chart.panels) {
        for (const chart::Rule& crossing : panel.lines)
            places.push_back(
                fmt::format("{} at about {} bytes", panel.title.substr(0, panel.title.find(',')), document::number(crossing.x)));
    }
    if (!places.empty())
        chart.finding = fmt::format("The cheaper of the two changes: {}.", fmt::join(places, ", "));
    else if (!chart.panels.empty())
        chart.finding = "At no size does the cheaper of the two change for certain.";
    return finished(chart);
}

}  // namespace tare::figures
