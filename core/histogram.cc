// SPDX-License-Identifier: Apache-2.0
#include "core/histogram.h"

#include <cmath>

#include "core/check.h"

namespace tare {

void Histogram::merge(const Histogram& other) {
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) buckets_[bucket] += other.buckets_[bucket];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
}

void Histogram::merge(std::span<const Bucket> filled, std::uint64_t sum, std::uint64_t max) {
    for (const Bucket& bucket : filled) {
        buckets_[bucket_of(std::min(bucket.lowest, tracked_max))] += bucket.count;
        count_ += bucket.count;
    }
    sum_ += sum;
    max_ = std::max(max_, max);
}

std::uint64_t Histogram::percentile(double percent) const {
    check(count_ > 0, "a percentile of nothing");
    check(percent >= 0 && percent <= 100, "a percentile is from 0 to 100");
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(percent / 100 * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        seen += buckets_[bucket];
        // The last bucket also has what was beyond it.
        if (seen >= wanted) return bucket + 1 == buckets_.size() ? max_ : std::min(max_, lowest_of(bucket + 1) - 1);
    }
    return max_;
}

double Histogram::standard_deviation() const {
    check(count_ > 0, "a deviation of nothing");
    const double mean = static_cast<double>(sum_) / static_cast<double>(count_);
    double squares = 0;
    for (const Bucket& bucket : filled_buckets()) {
        const double middle = (static_cast<double>(bucket.lowest) + static_cast<double>(bucket.highest)) / 2;
        squares += (middle - mean) * (middle - mean) * static_cast<double>(bucket.count);
    }
    return std::sqrt(squares / static_cast<double>(count_));
}

std::vector<Histogram::Bucket> Histogram::filled_buckets() const {
    std::vector<Bucket> filled;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        if (buckets_[bucket] == 0) continue;
        const std::uint64_t highest = bucket + 1 == buckets_.size() ? max_ : std::min(max_, lowest_of(bucket + 1) - 1);
        filled.push_back({lowest_of(bucket), highest, buckets_[bucket]});
    }
    return filled;
}

}  // namespace tare
