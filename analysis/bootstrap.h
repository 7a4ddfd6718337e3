// SPDX-License-Identifier: Apache-2.0
// The interval of a median by block bootstrap: repetitions that follow each other in time are drawn together, so that a
// machine that drifts does not pass for many independent repetitions.
#pragma once

#include <cstddef>
#include <vector>

namespace tare {

struct Interval {
    double low = 0;
    double high = 0;

    bool contains(double value) const { return low <= value && value <= high; }
};

// The fewest repetitions that an interval of the median can come from: the least and the most of n hold the median with a
// probability of 1 - 2^(1-n), and no resampling gets beyond them. `error` is 1 less the level, between 0 and 1.
std::size_t fewest_repetitions(double error);

// The interval of the median in the unit of `values`, which stand in the order of time. Circular blocks of about the cube
// root of their number; the percentiles of the resampled medians, and never narrower than the interval by order statistics,
// for a percentile bootstrap of few values is too sure of itself (docs/methodology.md). Always the same for the same
// values. Asserts on fewer than fewest_repetitions(error).
Interval bootstrap_median(const std::vector<double>& values, double error);

}  // namespace tare
