// SPDX-License-Identifier: Apache-2.0
// The middle of some numbers; how sure it is, analysis/statistics.h says.
#pragma once

#include <algorithm>
#include <vector>

#include "core/check.h"

namespace tare {

// Asserts when there is none. Of an even number the mean of the middle two.
inline double median(std::vector<double> numbers) {
    check(!numbers.empty(), "the median of no numbers");
    std::sort(numbers.begin(), numbers.end());
    const std::size_t middle = numbers.size() / 2;
    return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

}  // namespace tare
