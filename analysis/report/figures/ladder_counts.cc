// SPDX-License-Identifier: Apache-2.0
// What each rung and each wiring costs, in the order in which the run has them.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/report/figures/figures.h"

namespace tare::figures {
namespace {

constexpr const char* op = "get_hit";

chart::Point counted(const Findings& findings, const VariantName& variant, const std::string& name, const char* metric) {
    const Figure figure = count_of(findings.measured, variant, op, metric).total;
    if (!figure.present()) return {name, {}, {}, {}, {}, {}};
    return {name, figure.value(), figure.value(), figure.value(), {}, {}};
}

// The variants that share all but one part of their name with `model`, by that part.
std::vector<VariantName> ladder(const Findings& findings, const VariantName& model, std::string VariantName::*part) {
    std::vector<VariantName> found;
    for (const CellKey& cell : findings.measured.cells()) {
        VariantName likewise = model;
        likewise.*part = cell.variant.*part;
        const bool known = std::find(found.begin(), found.end(), cell.variant) != found.end();
        if (cell.variant == likewise && !known && findings.measured.holds(cell.variant, op)) found.push_back(cell.variant);
    }
    return found;
}

void add_panel(chart::Chart& chart, const Findings& findings, const std::string& title, const VariantName& model,
               std::string VariantName::*part, const std::vector<std::pair<const char*, const char*>>& metrics) {
    const std::vector<VariantName> variants = ladder(findings, model, part);
    if (variants.size() < 2) {
        chart.notes.push_back(fmt::format("{}: this run holds no ladder", title));
        return;
    }
    chart::Panel panel{title};
    for (const auto& [name, metric] : metrics) {
        chart::Series series{name, {}};
        for (const VariantName& variant : variants) {
            series.points.push_back(counted(findings, variant, variant.*part, metric));
            if (!series.points.back().y) chart.notes.push_back(fmt::format("{} of {} is absent", name, to_string(variant)));
        }
        panel.series.push_back(series);
    }
    chart.panels.push_back(panel);
}

}  // namespace

chart::Chart ladder_counts(const Findings& findings) {
    chart::Chart chart{"ladder_counts",
                       "What each step of the ladders costs",
                       "GET hit of a small value in lockstep, counted by the ledger, by BPF where there is no ledger.",
                       "bars",
                       {"step", "category"},
                       {"per request", "linear"}};
    for (const Ideal& ideal : ideals()) {
        add_panel(chart, findings, fmt::format("{}: rungs on {}", ideal.name, ideal.described.wiring), ideal.described,
                  &VariantName::rung, {{"allocations", "allocations"}, {"copies of data", "data_copies"}});
        add_panel(chart, findings, fmt::format("{}: wirings on {}", ideal.name, ideal.ideal.rung), ideal.ideal,
                  &VariantName::wiring, {{"system calls", "syscalls"}, {"queue operations", "queue_ops"}});
    }
    return chart;
}

}  // namespace tare::figures
