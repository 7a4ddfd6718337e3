// SPDX-License-Identifier: Apache-2.0
// What each rung and each wiring costs, in the order in which they build on one another.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/model/ladder_order.h"
#include "analysis/report/figures/figures.h"

namespace tare::figures {
namespace {

constexpr const char* op = "get_hit";

chart::Point counted(const Findings& findings, const VariantName& variant, const std::string& name, const char* metric) {
    const PerRequest figure = count_of(findings.measured, variant, op, metric).total;
    if (!figure.present()) return {name, {}, {}, {}, {}, {}};
    return {name, figure.value(), figure.value(), figure.value(), {}, {}};
}

// The variants that share all but one part of their name with `model`, in the order of that part.
std::vector<VariantName> ladder(const Findings& findings, const VariantName& model, std::string VariantName::*part) {
    std::vector<VariantName> found;
    for (const CellKey& cell : findings.measured.cells()) {
        VariantName likewise = model;
        likewise.*part = cell.variant.*part;
        const bool known = std::find(found.begin(), found.end(), cell.variant) != found.end();
        if (cell.variant == likewise && !known && findings.measured.holds(cell.variant, op)) found.push_back(cell.variant);
    }
    std::stable_sort(found.begin(), found.end(), stands_before);
    return found;
}

// "allocations from 6 to 0".
std::string change(const chart::Series& series) {
    const std::optional<double>&first = series.points.front().y, &last = series.points.back().y;
    if (!first || !last) return "";
    if (*first == *last) return fmt::format("{} stay at {}", series.name, count_text(*first));
    return fmt::format("{} from {} to {}", series.name, count_text(*first), count_text(*last));
}

// What the rungs change from the first to the last, of each back end.
std::string finding(const std::vector<chart::Panel>& rung_panels) {
    std::string text;
    for (const chart::Panel& panel : rung_panels) {
        std::vector<std::string> changes;
        for (const chart::Series& series : panel.series) {
            if (const std::string each = change(series); !each.empty()) changes.push_back(each);
        }
        if (!changes.empty()) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", panel.title, fmt::join(changes, ", "));
    }
    return text.empty() ? text : "From the first to the last, " + text + ".";
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
    std::vector<chart::Panel> rung_panels;
    for (const Ideal& ideal : ideals()) {
        const std::size_t panels = chart.panels.size();
        add_panel(chart, findings, fmt::format("{}: rungs on {}", ideal.name, ideal.described.wiring), ideal.described,
                  &VariantName::rung, {{"allocations", "allocations"}, {"copies of data", "data_copies"}});
        if (chart.panels.size() > panels) rung_panels.push_back(chart.panels.back());
        add_panel(chart, findings, fmt::format("{}: wirings on {}", ideal.name, ideal.ideal.rung), ideal.ideal,
                  &VariantName::wiring, {{"system calls", "syscalls"}, {"queue operations", "queue_ops"}});
    }
    chart.finding = finding(rung_panels);
    return chart;
}

}  // namespace tare::figures
