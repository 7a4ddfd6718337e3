// SPDX-License-Identifier: Apache-2.0
// A histogram of nanoseconds as the percentile text that HdrHistogram's tools read and plot.
#pragma once

#include <string>

#include "core/histogram.h"

namespace tare {

// Rows `Value Percentile TotalCount 1/(1-Percentile)`, five for every halving of the distance to 100 %, then the footer.
// Values in microseconds. Not of an empty histogram.
std::string percentile_text(const Histogram& nanoseconds);

}  // namespace tare
