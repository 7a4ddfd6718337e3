// SPDX-License-Identifier: Apache-2.0
#include "core/percentiles.h"

namespace tare {

Measured<std::uint64_t> percentile_reading(const Histogram& histogram, double percent) {
    if (histogram.count() == 0) return Absent{"no reply was due"};
    if (percent >= 100) return histogram.max();
    const double beyond = static_cast<double>(histogram.count()) * (100 - percent) / 100;
    if (beyond < 10) return Absent{"fewer than ten values beyond it"};
    return histogram.percentile(percent);
}

Snapshot percentiles(const std::string& metric, const Histogram& histogram) {
    Snapshot snapshot;
    for (const auto& [name, percent] : named_percentiles) snapshot.set({metric, name}, percentile_reading(histogram, percent));
    return snapshot;
}

}  // namespace tare
