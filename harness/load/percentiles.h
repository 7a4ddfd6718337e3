// SPDX-License-Identifier: Apache-2.0
// The percentiles that every window of load tells, as parts of one metric.
#pragma once

#include <string>

#include "core/reading.h"
#include "harness/load/histogram.h"

namespace tare {

// One percentile; absent of an empty histogram, and where fewer than ten values lie beyond it: that would be the maximum
// under another name.
Reading percentile_reading(const Histogram& histogram, double percent);

// Parts p50, p90, p99, p99.9, p99.99 and max of `metric`, in the histogram's unit.
Snapshot percentiles(const std::string& metric, const Histogram& histogram);

}  // namespace tare
