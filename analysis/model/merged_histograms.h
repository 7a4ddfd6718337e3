// SPDX-License-Identifier: Apache-2.0
// The percentiles of all repetitions' durations together. The median of the repetitions' own percentiles is none: it may lie
// below that of a lower percentile, for of the higher one fewer repetitions tell.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/model/statistics.h"
#include "core/measured.h"
#include "run/histogram_row.h"

namespace tare {

// One percentile.
struct Merged {
    Measured<Estimate> estimate;
    std::vector<double> by_repetition;  // the same percentile of each, however few lie beyond it
};

// By name (core/percentiles.h), of the histograms of one cell's repetitions; not of none. The interval holds the middle 95 % of
// what the percentile becomes when whole repetitions are drawn anew, and the interval of the median of the repetitions' own: few
// repetitions drawn anew are too sure of themselves. Fewer than six give their range, which proves nothing; so does a
// maximum, which grows with the repetitions. A higher percentile never lies below a lower one, nor do its bounds.
std::map<std::string, Merged> merged_percentiles(const std::vector<const HistogramRow*>& repetitions);

}  // namespace tare
