// SPDX-License-Identifier: Apache-2.0
// The middle of some numbers; how sure it is, analysis/model/statistics.h says.
#pragma once

#include <vector>

namespace tare {

// Asserts when there is none. Of an even number the mean of the middle two.
double median(std::vector<double> numbers);

}  // namespace tare
