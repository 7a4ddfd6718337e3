// SPDX-License-Identifier: Apache-2.0
#include "harness/load/percentile_file.h"

#include <fmt/format.h>

#include <cmath>

#include "core/check.h"

namespace tare {
namespace {

constexpr double ticks_per_half_distance = 5;

double microseconds(double nanoseconds) { return nanoseconds / 1000; }

// The next percentile at which there is to be a row: the ticks grow denser towards 100.
double next_tick(double percent) {
    const double halvings = std::floor(std::log2(100 / (100 - percent))) + 1;
    return percent + 100 / (ticks_per_half_distance * std::exp2(halvings));
}

}  // namespace

std::string percentile_text(const Histogram& nanoseconds) {
    check(nanoseconds.count() > 0, "percentiles of nothing");
    const auto total = static_cast<double>(nanoseconds.count());
    std::string text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    const std::vector<Histogram::Bucket> buckets = nanoseconds.filled_buckets();
    double percent = 0;
    std::uint64_t seen = 0;
    for (const Histogram::Bucket& bucket : buckets) {
        seen += bucket.count;
        const double value_us = microseconds(static_cast<double>(bucket.highest));
        const double reached = 100 * static_cast<double>(seen) / total;
        // The last row says 1 and has no distance left.
        for (; seen < nanoseconds.count() && percent <= reached; percent = next_tick(percent))
            text += fmt::format("{:12.3f} {:2.12f} {:10} {:14.2f}\n", value_us, percent / 100, seen, 100 / (100 - percent));
        if (seen == nanoseconds.count()) text += fmt::format("{:12.3f} {:2.12f} {:10}\n", value_us, 1.0, seen);
    }
    text +=
        fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n",
                    microseconds(static_cast<double>(nanoseconds.sum()) / total), microseconds(nanoseconds.standard_deviation()));
    text += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n", microseconds(static_cast<double>(nanoseconds.max())),
                        nanoseconds.count());
    // In HdrHistogram's words: the first bucket is linear, and each further one repeats the upper half of it, twice as wide.
    constexpr std::size_t doublings = Histogram::bucket_of(Histogram::tracked_max) / Histogram::buckets_per_doubling;
    text += fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n", doublings, 2 * Histogram::buckets_per_doubling);
    return text;
}

}  // namespace tare
