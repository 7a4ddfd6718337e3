// SPDX-License-Identifier: Apache-2.0
// How sure a number is: medians with intervals that assume no distribution, and straight lines with theirs. All intervals
// are of 95 %.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/median.h"

namespace tare {

// A median, and how far it may be off.
struct Estimate {
    double value = 0;
    double low = 0;
    double high = 0;
    std::size_t count = 0;  // of the numbers that it was made of
    bool interval = false;  // false: too few for an interval; low and high are their range and prove nothing

    // Whether the interval lies on one side of `number`; never of a mere range.
    bool surely_above(double number) const { return interval && low > number; }
    bool surely_below(double number) const { return interval && high < number; }
};

// In another unit; of a factor above 0.
inline Estimate operator*(Estimate estimate, double factor) {
    estimate.value *= factor;
    estimate.low *= factor;
    estimate.high *= factor;
    return estimate;
}

// How many of so many ordered numbers may be cut off at either end, so that the median lies beyond what is left with at most
// this chance; nothing when even all of them leave more.
std::optional<std::size_t> order_statistic_rank(std::size_t count, double error);

// The interval is between two order statistics and needs six numbers. Asserts that there is one at least.
Estimate median_of(std::vector<double> numbers);

// Of positive ratios, by their logarithms. Asserts that each is above 0.
Estimate median_ratio(std::vector<double> ratios);

using Points = std::vector<std::pair<double, double>>;

// A least-squares line through points. The half-widths of the intervals (Student's t) need a third point.
struct Line {
    double slope = 0;
    double intercept = 0;
    double largest_residual = 0;  // of any point, absolute
    std::size_t count = 0;
    std::optional<double> slope_half_width;
    std::optional<double> intercept_half_width;

    double at(double x) const { return intercept + slope * x; }
};

// Nothing for fewer than two different x.
std::optional<Line> fit_line(std::span<const std::pair<double, double>> points);

}  // namespace tare
