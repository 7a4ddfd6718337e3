// SPDX-License-Identifier: Apache-2.0
#include "core/median.h"

#include <boost/math/statistics/univariate_statistics.hpp>

#include "core/check.h"

namespace tare {

double median(std::vector<double> numbers) {
    check(!numbers.empty(), "the median of no numbers");
    return boost::math::statistics::median(numbers.begin(), numbers.end());
}

}  // namespace tare
