// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/waterfall.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/sweep.h"

namespace tare {
namespace {

Price price_of(const Sample& measured) {
    return measured.present() ? Price(measured.estimate()) : Price(Absent{measured.reason()});
}

std::optional<CellKey> common_workload(const LoadMeasurements& load, const Ideal& ideal) {
    const std::vector<CellKey> cells = attributable(load);
    const std::optional<CellKey> small = small_load_cell(load, ideal.described, 1);
    std::optional<CellKey> found;
    for (const CellKey& cell : cells) {
        const CellKey improved = with_variant(cell, ideal.ideal, "timed");
        if (cell.variant != ideal.described || std::find(cells.begin(), cells.end(), improved) == cells.end()) continue;
        if (!found || cell == small) found = cell;
    }
    return found;
}

Waterfall waterfall_of(const LoadMeasurements& load, const Prices& prices, const Ideal& ideal) {
    Waterfall result{ideal, {}, {}, {}, ""};
    const std::optional<CellKey> cell = common_workload(load, ideal);
    if (!cell) {
        result.reason = fmt::format("this run holds no workload in which {} and {} were both timed and counted under load",
                                    to_string(ideal.described), to_string(ideal.ideal));
        return result;
    }
    result.described = *cell;
    result.improved = with_variant(*cell, ideal.ideal, "timed");
    const Attribution before = attribute(load, prices, result.described);
    const Attribution after = attribute(load, prices, result.improved);
    result.steps.push_back({"as described", price_of(before.measured), Waterfall::Kind::total});
    for (std::size_t index = 0; index < expense_count; ++index) {
        const auto expense = static_cast<Expense>(index);
        result.steps.push_back({std::string(name_of(expense)), after.of(expense) - before.of(expense), Waterfall::Kind::change});
    }
    result.steps.push_back({"residual", after.residual - before.residual, Waterfall::Kind::residual});
    result.steps.push_back({"ideal", price_of(after.measured), Waterfall::Kind::total});
    return result;
}

}  // namespace

std::vector<Waterfall> waterfalls(const LoadMeasurements& load, const Prices& prices) {
    std::vector<Waterfall> all;
    for (const Ideal& ideal : ideals()) all.push_back(waterfall_of(load, prices, ideal));
    return all;
}

}  // namespace tare
