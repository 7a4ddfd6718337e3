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

// Sizes and threads by their number, everything else by name; a user's counters after the metrics of the table.
auto order_of(const Quantity& quantity) {
    return std::tuple(place_in_table(quantity.metric), quantity.metric, std::strtoull(quantity.detail.c_str(), nullptr, 10),
                      quantity.detail);
}

Measured<std::uint64_t> reading_in(const Snapshot& counts, const Quantity& quantity) {
    if (!counts.tells(quantity)) return Absent{"not counted in this repetition"};
    return counts.reading(quantity);
}

}  // namespace

std::vector<std::pair<Quantity, std::vector<Measured<std::uint64_t>>>> rows_of(const std::vector<CountedCommand>& repetitions) {
    std::set<Quantity> quantities;
    std::vector<Snapshot> counts;
    counts.reserve(repetitions.size());
    for (const CountedCommand& repetition : repetitions) {
        for (const auto& [quantity, reading] : counts.emplace_back(repetition.counts())) quantities.insert(quantity);
    }
    std::vector<Quantity> ordered(quantities.begin(), quantities.end());
    std::sort(ordered.begin(), ordered.end(),
              [](const Quantity& left, const Quantity& right) { return order_of(left) < order_of(right); });
    std::vector<std::pair<Quantity, std::vector<Measured<std::uint64_t>>>> rows;
    for (const Quantity& quantity : ordered) {
        std::vector<Measured<std::uint64_t>> readings;
        readings.reserve(repetitions.size());
        for (const Snapshot& each : counts) readings.push_back(reading_in(each, quantity));
        rows.emplace_back(quantity, std::move(readings));
    }
    return rows;
}

Measured<Spread> spread_of(const std::vector<Measured<std::uint64_t>>& readings) {
    check(!readings.empty(), "spread_of() nothing");
    std::vector<std::uint64_t> values;
    values.reserve(readings.size());
    for (const Measured<std::uint64_t>& reading : readings) {
        if (!reading.present()) return Absent{reading.reason()};
        values.push_back(reading.value());
    }
    std::sort(values.begin(), values.end());
    return Spread{values.front(), values[values.size() / 2], values.back()};
}

}  // namespace tare
