// SPDX-License-Identifier: Apache-2.0
// Where along a sweep one design stops being the cheaper one: crossings of 1 by a ratio that is known with an interval.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/model/statistics.h"

namespace tare {

// Between the last point that is surely on one side of 1 and the first that is surely on the other.
struct Crossing {
    double x = 0;  // where the medians cross 1, interpolated in the logarithms of x and ratio
    double low = 0;
    double high = 0;
    bool rises = false;  // from below 1 to above
};

using RatioPoints = std::vector<std::pair<std::uint64_t, Estimate>>;  // by growing x

struct Crossover {
    std::vector<Crossing> crossings;
    std::vector<std::uint64_t> below;      // surely
    std::vector<std::uint64_t> above;      // surely
    std::vector<std::uint64_t> undecided;  // the interval holds 1, or there is none
};

Crossover crossover_of(const RatioPoints& points);

}  // namespace tare
