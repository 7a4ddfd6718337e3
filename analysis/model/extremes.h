// SPDX-License-Identifier: Apache-2.0
// The least and the most of what was seen so far.
#pragma once

#include <algorithm>
#include <optional>

namespace tare {

struct Extremes {
    std::optional<double> least, most;

    void include(double value) {
        least = std::min(least.value_or(value), value);
        most = std::max(most.value_or(value), value);
    }
    bool any() const { return least.has_value(); }
    // Nothing seen, or the same each time.
    bool single() const { return !any() || *least == *most; }
};

}  // namespace tare
