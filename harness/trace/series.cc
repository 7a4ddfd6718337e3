// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/series.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>

#include "core/check.h"
#include "core/metric.h"

namespace tare {
namespace {

std::size_t place_of(const std::string& metric) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& row) { return row.name == metric; });
    return static_cast<std::size_t>(found - metrics.begin());
}

// Sizes and threads by their number, everything else by name.
auto order_of(const Quantity& quantity) {
    return std::tuple(place_of(quantity.metric), std::strtoull(quantity.detail.c_str(), nullptr, 10), quantity.detail);
}

Reading reading_in(const CountedCommand& repetition, const Quantity& quantity) {
    const auto found = repetition.counts.find(quantity);
    if (found != repetition.counts.end()) return found->second;
    const auto total = repetition.counts.find({quantity.metric, ""});
    if (total == repetition.counts.end()) return Absent{"not counted in this repetition"};
    return total->second.present() ? Reading(0) : total->second;
}

}  // namespace

std::vector<std::pair<Quantity, std::vector<Reading>>> rows_of(const std::vector<CountedCommand>& repetitions) {
    std::set<Quantity> quantities;
    for (const CountedCommand& repetition : repetitions) {
        for (const auto& [quantity, reading] : repetition.counts) quantities.insert(quantity);
    }
    std::vector<Quantity> ordered(quantities.begin(), quantities.end());
    std::sort(ordered.begin(), ordered.end(),
              [](const Quantity& left, const Quantity& right) { return order_of(left) < order_of(right); });
    std::vector<std::pair<Quantity, std::vector<Reading>>> rows;
    for (const Quantity& quantity : ordered) {
        std::vector<Reading> readings;
        readings.reserve(repetitions.size());
        for (const CountedCommand& repetition : repetitions) readings.push_back(reading_in(repetition, quantity));
        rows.emplace_back(quantity, std::move(readings));
    }
    return rows;
}

Spread spread_of(const std::vector<Reading>& readings) {
    check(!readings.empty(), "spread_of() nothing");
    std::vector<std::uint64_t> values;
    values.reserve(readings.size());
    for (const Reading& reading : readings) {
        if (!reading.present()) return {0, 0, 0, reading.reason()};
        values.push_back(reading.value());
    }
    std::sort(values.begin(), values.end());
    return {values.front(), values[values.size() / 2], values.back(), ""};
}

}  // namespace tare
