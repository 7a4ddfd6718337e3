// SPDX-License-Identifier: Apache-2.0
// The percentiles that every window of load tells, as parts of one metric.
#pragma once

#include <array>
#include <string>
#include <utility>

#include "core/histogram.h"
#include "core/snapshot.h"

namespace tare {

// Their names, and how many percent of all values do not exceed them.
inline constexpr std::array<std::pair<const char*, double>, 6> named_percentiles{
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}, {"max", 100}}};

// One percentile; absent of an empty histogram, and where fewer than ten values lie beyond it: that would be the maximum
// under another name.
Measured<std::uint64_t> percentile_reading(const Histogram& histogram, double percent);

// Parts p50, p90, p99, p99.9, p99.99 and max of `metric`, in the histogram's unit.
Snapshot percentiles(const std::string& metric, const Histogram& histogram);

}  // namespace tare
