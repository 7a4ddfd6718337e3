// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/waterfall.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/sweep.h"

namespace tare {
namespace {

std::optional<CellKey> common_workload(const LoadMeasurements& load, const Ideal& ideal) {
    const std::vector<CellKey> cells = attributable(load);
    const std::optional<CellKey> small = small_load_cell(load, ideal.described, 1);
    std::optional<CellKey> found;
    for (const CellKey& cell : cells) {
        const CellKey improved = with_variant(cell, ideal.ideal, Build::timed);
        if (cell.variant != ideal.described || std::find(cells.begin(), cells.end(), improved) == cells.end()) continue;
        if (!found || cell == small) found = cell;
    }
    return found;
}

// What the whole way takes: both ends, and the difference between them.
struct Ends {
    Price described, difference, ideal;
    std::string contrast;
};

// Of single cells, their medians; the bounds of the difference hold those of both.
Ends ends_of_cells(const Attribution& before, const Attribution& after) {
    const Price described = before.measured.median(), ideal = after.measured.median();
    return {described, ideal - described, ideal, ""};
}

// Of a contrast, in which the two were asked in turn: the bounds are those of the difference alone.
std::optional<Ends> ends_of_contrast(const std::optional<ContrastPair>& pair) {
    if (!pair) return std::nullopt;
    const Measured<double> described = pair->finding->ratios.median(pair->against, ContrastMetric::server_cpu);
    const Price difference = difference_ns(*pair);
    if (!described.present() || !difference.present()) return std::nullopt;
    const double ns = described.value();
    const Price from = Estimate{ns, ns, ns, difference.value().count, true};
    return Ends{from, difference, from + difference, pair->finding->name};
}

Price share_of(const Price& part, const Price& whole) {
    if (!whole.present()) return whole;
    if (whole.value().low <= 0 && whole.value().high >= 0) return Absent{"the two may take as long as each other"};
    const bool saves = whole.value().high < 0;
    const Price nothing = Estimate{};
    return saves ? (nothing - part) / (nothing - whole) : part / whole;
}

Measured<Waterfall::Descent> descent_of(const LoadMeasurements& load, const Prices& prices,
                                        const std::vector<ContrastFinding>& contrasts, const Ideal& ideal) {
    const std::optional<CellKey> cell = common_workload(load, ideal);
    if (!cell)
        return Absent{fmt::format("this run holds no workload in which {} and {} were both timed and counted under load",
                                  to_string(ideal.described), to_string(ideal.ideal))};
    Waterfall::Descent descent{*cell, with_variant(*cell, ideal.ideal, Build::timed), {}, Price(Estimate{}), Price(Estimate{}),
                               ""};
    const Attribution before = attribute(load, prices, descent.described);
    const Attribution after = attribute(load, prices, descent.improved);
    const Ends ends = ends_of_contrast(find_pair(contrasts, ideal.ideal, ideal.described, cell->op, &*cell))
                          .value_or(ends_of_cells(before, after));
    std::vector<Waterfall::Step>& steps = descent.steps;
    steps.push_back({"as described", ends.described, Waterfall::Kind::total});
    Price changes = Estimate{};
    for (std::size_t index = 0; index < expense_count; ++index) {
        const auto expense = static_cast<Expense>(index);
        const Price change = after.of(expense) - before.of(expense);
        changes = changes + change;
        steps.push_back({std::string(name_of(expense)), change, Waterfall::Kind::change});
    }
    steps.push_back({"residual", ends.difference - changes, Waterfall::Kind::residual});
    steps.push_back({"ideal", ends.ideal, Waterfall::Kind::total});
    descent.difference = ends.difference;
    descent.explained = share_of(changes, ends.difference);
    descent.contrast = ends.contrast;
    return descent;
}

}  // namespace

std::vector<Waterfall> waterfalls(const LoadMeasurements& load, const Prices& prices,
                                  const std::vector<ContrastFinding>& contrasts) {
    std::vector<Waterfall> all;
    for (const Ideal& ideal : ideals()) all.push_back({ideal, descent_of(load, prices, contrasts, ideal)});
    return all;
}

}  // namespace tare
