// SPDX-License-Identifier: Apache-2.0
// How often each duration was seen, in log-linear buckets: exact below 256, and from there 128 buckets for every doubling,
// so that a value read back is at most 1/128 (0.8 %) above the one recorded. Recording allocates nothing.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tare {

class Histogram {
public:
    // A larger value counts as this one in a percentile; max() and sum() keep it as it was. 2^40 ns are 18 minutes.
    static constexpr std::uint64_t tracked_max = (std::uint64_t{1} << 40) - 1;

    static constexpr int doubling_bits = 7;
    static constexpr std::uint64_t buckets_per_doubling = std::uint64_t{1} << doubling_bits;

    Histogram() : buckets_(bucket_of(tracked_max) + 1) {}

    void record(std::uint64_t value) {
        ++buckets_[bucket_of(std::min(value, tracked_max))];
        ++count_;
        sum_ += value;
        max_ = std::max(max_, value);
    }
    void merge(const Histogram& other);

    // A bucket that holds something: its smallest and largest value, and how many.
    struct Bucket {
        std::uint64_t lowest;
        std::uint64_t highest;
        std::uint64_t count;
        friend bool operator==(const Bucket&, const Bucket&) = default;
    };
    // What another histogram told: its filled_buckets(), sum() and max(). Of a bucket only `lowest` and `count` are used.
    void merge(std::span<const Bucket> filled, std::uint64_t sum, std::uint64_t max);

    std::uint64_t count() const { return count_; }
    // Of the values as recorded.
    std::uint64_t sum() const { return sum_; }
    std::uint64_t max() const { return max_; }  // 0 when empty

    // The smallest value that at least `percent` of the recorded ones do not exceed; from 0 to 100. Not of an empty histogram.
    std::uint64_t percentile(double percent) const;
    // From the buckets' middles. Not of an empty histogram.
    double standard_deviation() const;

    // In the order of their values.
    std::vector<Bucket> filled_buckets() const;

    // The bucket of a value up to tracked_max, and the smallest value in a bucket.
    static constexpr std::size_t bucket_of(std::uint64_t value) {
        if (value < 2 * buckets_per_doubling) return value;
        const int shift = static_cast<int>(std::bit_width(value)) - doubling_bits - 1;
        return static_cast<std::size_t>(shift) * buckets_per_doubling + (value >> shift);
    }
    static constexpr std::uint64_t lowest_of(std::size_t bucket) {
        if (bucket < 2 * buckets_per_doubling) return bucket;
        const std::size_t shift = bucket / buckets_per_doubling - 1;
        return (bucket % buckets_per_doubling + buckets_per_doubling) << shift;
    }

private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace tare
