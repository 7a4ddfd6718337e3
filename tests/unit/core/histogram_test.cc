// SPDX-License-Identifier: Apache-2.0
// A histogram reads back every duration to within one per cent, from nothing to minutes, and merges without loss.
#include "core/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include "harness/load/percentile_file.h"

namespace tare {
namespace {

constexpr std::uint64_t minute_ns = 60'000'000'000;

TEST(histogram, every_value_is_in_its_bucket_and_the_bucket_is_narrow) {
    for (std::uint64_t value = 0; value < 10 * minute_ns; value += 1 + value / 1021) {
        const std::size_t bucket = Histogram::bucket_of(value);
        ASSERT_LE(Histogram::lowest_of(bucket), value);
        ASSERT_LT(value, Histogram::lowest_of(bucket + 1));
    }
}

TEST(histogram, a_value_read_back_is_within_one_per_cent) {
    for (std::uint64_t value = 1; value < 10 * minute_ns; value += 1 + value / 997) {
        Histogram histogram;
        histogram.record(value);
        histogram.record(2 * value);  // so that the maximum does not cap the first
        const auto read = static_cast<double>(histogram.percentile(50));
        ASSERT_GE(read, static_cast<double>(value));
        ASSERT_LE(read, static_cast<double>(value) * 1.01);
    }
}

TEST(histogram, buckets_follow_each_other_without_a_gap) {
    for (std::size_t bucket = 1; bucket <= Histogram::bucket_of(Histogram::tracked_max); ++bucket) {
        ASSERT_EQ(Histogram::bucket_of(Histogram::lowest_of(bucket)), bucket);
        ASSERT_EQ(Histogram::bucket_of(Histogram::lowest_of(bucket) - 1), bucket - 1);
    }
}

TEST(histogram, percentiles_agree_with_sorted_values) {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> durations(12, 2);
    Histogram histogram;
    std::vector<std::uint64_t> values;
    for (int index = 0; index < 100'000; ++index) {
        values.push_back(static_cast<std::uint64_t>(durations(random)));
        histogram.record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 99.99}) {
        const auto rank = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(percent / 100 * 100'000)));
        const auto exact = static_cast<double>(values[rank - 1]);
        EXPECT_GE(static_cast<double>(histogram.percentile(percent)), exact) << percent;
        EXPECT_LE(static_cast<double>(histogram.percentile(percent)), exact * 1.01) << percent;
    }
    EXPECT_EQ(histogram.percentile(100), values.back());
    EXPECT_EQ(histogram.max(), values.back());
}

TEST(histogram, a_merge_is_as_if_all_had_been_recorded_in_one) {
    Histogram left;
    Histogram right;
    Histogram both;
    for (std::uint64_t value = 1; value < minute_ns; value *= 3) {
        (value % 2 == 1 && value % 9 == 0 ? left : right).record(value);
        both.record(value);
    }
    left.merge(right);
    EXPECT_EQ(left.count(), both.count());
    EXPECT_EQ(left.sum(), both.sum());
    EXPECT_EQ(left.max(), both.max());
    for (int percent = 0; percent <= 100; ++percent) EXPECT_EQ(left.percentile(percent), both.percentile(percent));
}

TEST(histogram, what_is_beyond_its_range_is_counted_and_kept_as_the_maximum) {
    Histogram histogram;
    histogram.record(3 * Histogram::tracked_max);
    EXPECT_EQ(histogram.percentile(50), 3 * Histogram::tracked_max);
    EXPECT_EQ(histogram.sum(), 3 * Histogram::tracked_max);
}

TEST(histogram, a_percentile_of_nothing_is_a_mistake) { EXPECT_DEATH(Histogram().percentile(50), "of nothing"); }

struct Row {
    double value_us;
    double percentile;
    std::uint64_t count;
    std::string distance;
};

std::vector<Row> rows_of(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    std::vector<Row> rows;
    std::getline(lines, line);
    EXPECT_EQ(line, "       Value     Percentile TotalCount 1/(1-Percentile)");
    std::getline(lines, line);
    EXPECT_TRUE(line.empty());
    while (std::getline(lines, line) && !line.starts_with("#[Mean")) {
        Row row{};
        std::istringstream(line) >> row.value_us >> row.percentile >> row.count >> row.distance;
        rows.push_back(row);
    }
    return rows;
}

TEST(percentile_file, each_row_says_how_many_are_at_or_below_its_value) {
    Histogram histogram;
    for (std::uint64_t value_us = 1; value_us <= 10'000; ++value_us) histogram.record(value_us * 1000);
    const std::string text = percentile_text(histogram);
    const std::vector<Row> rows = rows_of(text);
    ASSERT_GT(rows.size(), 30U);
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const Row& row = rows[index];
        // The value is its own rank here, but for the bucket's width.
        EXPECT_NEAR(row.value_us, static_cast<double>(row.count), 0.01 * row.value_us + 1);
        EXPECT_GE(static_cast<double>(row.count) / 10'000 + 1e-9, row.percentile);
        if (index > 0) {
            EXPECT_GT(row.percentile, rows[index - 1].percentile);
        }
    }
    EXPECT_EQ(rows.back().percentile, 1);
    EXPECT_EQ(rows.back().count, 10'000U);
    EXPECT_TRUE(rows.back().distance.empty());
    EXPECT_NE(text.find("#[Mean    =     5000.500, StdDeviation"), std::string::npos) << text;
    EXPECT_NE(text.find("#[Max     =    10000.000, Total count    =        10000]"), std::string::npos) << text;
}

TEST(percentile_file, one_value_is_all_percentiles) {
    Histogram histogram;
    histogram.record(2000);
    const std::vector<Row> rows = rows_of(percentile_text(histogram));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].value_us, 2);
    EXPECT_EQ(rows[0].percentile, 1);
}

}  // namespace
}  // namespace tare
