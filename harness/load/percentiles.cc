// SPDX-License-Identifier: Apache-2.0
#include "harness/load/percentiles.h"

#include <array>
#include <utility>

namespace tare {
namespace {

constexpr std::array<std::pair<const char*, double>, 6> named{
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}, {"max", 100}}};

}  // namespace

Reading percentile_reading(const Histogram& histogram, double percent) {
    if (histogram.count() == 0) return Absent{"no reply was due"};
    if (percent >= 100) return histogram.max();
    const double beyond = static_cast<double>(histogram.count()) * (100 - percent) / 100;
    if (beyond < 10) return Absent{"fewer than ten values beyond it"};
    return histogram.percentile(percent);
}

Snapshot percentiles(const std::string& metric, const Histogram& histogram) {
    Snapshot snapshot;
    for (const auto& [name, percent] : named) snapshot.emplace(Quantity{metric, name}, percentile_reading(histogram, percent));
    return snapshot;
}

}  // namespace tare
