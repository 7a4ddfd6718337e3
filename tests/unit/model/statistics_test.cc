// SPDX-License-Identifier: Apache-2.0
// Medians, intervals and lines against answers worked out by hand.
#include "analysis/model/statistics.h"

#include <gtest/gtest.h>

#include <numeric>

#include "analysis/model/sample.h"

namespace tare {
namespace {

Estimate of_first(std::size_t count) {
    std::vector<double> numbers(count);
    std::iota(numbers.rbegin(), numbers.rend(), 1.0);
    return median_of(numbers);
}

void expect(const Estimate& estimate, double value, double low, double high, bool interval) {
    EXPECT_DOUBLE_EQ(estimate.value, value);
    EXPECT_DOUBLE_EQ(estimate.low, low);
    EXPECT_DOUBLE_EQ(estimate.high, high);
    EXPECT_EQ(estimate.interval, interval);
}

// 1 - 2 (1 + 9) / 512 = 0.96 lets one of nine go at either end; of eight it would be 0.93.
TEST(statistics, the_interval_of_a_median_is_between_order_statistics) {
    expect(of_first(6), 3.5, 1, 6, true);
    expect(of_first(8), 4.5, 1, 8, true);
    expect(of_first(9), 5, 2, 8, true);
    expect(of_first(10), 5.5, 2, 9, true);
    expect(of_first(20), 10.5, 6, 15, true);
}

TEST(statistics, too_few_numbers_have_a_range_that_proves_nothing) {
    expect(of_first(1), 1, 1, 1, false);
    expect(of_first(5), 3, 1, 5, false);
    EXPECT_FALSE(of_first(5).surely_above(0));
    EXPECT_TRUE(of_first(6).surely_above(0));
    EXPECT_FALSE(of_first(6).surely_above(1)) << "the bound itself is no side";
}

TEST(statistics, ratios_meet_in_the_middle_of_their_logarithms) {
    expect(median_ratio({0.5, 2}), 1, 0.5, 2, false);
    const Estimate ratio = median_ratio({0.8, 0.7, 0.9, 0.8, 0.8, 0.8});
    EXPECT_TRUE(ratio.surely_below(1));
    EXPECT_NEAR(ratio.low, 0.7, 1e-12);
}

TEST(statistics, a_line_by_least_squares_has_the_intervals_of_students_t) {
    const Points points{{1, 2.1}, {2, 3.9}, {3, 6.2}, {4, 7.8}, {5, 10.1}};
    const std::optional<Line> line = fit_line(points);
    ASSERT_TRUE(line && line->slope_half_width);
    EXPECT_NEAR(line->slope, 1.99, 1e-9);
    EXPECT_NEAR(line->intercept, 0.05, 1e-9);
    EXPECT_NEAR(*line->slope_half_width, 0.1900607, 1e-6);
    EXPECT_NEAR(*line->intercept_half_width, 0.6303601, 1e-6);
    EXPECT_NEAR(line->largest_residual, 0.21, 1e-9);
}

TEST(statistics, two_points_have_a_line_and_no_interval_and_one_x_has_none) {
    const std::optional<Line> line = fit_line(Points{{1, 3}, {2, 5}});
    ASSERT_TRUE(line);
    EXPECT_DOUBLE_EQ(line->at(3), 7);
    EXPECT_FALSE(line->slope_half_width);
    EXPECT_FALSE(fit_line(Points{{1, 3}, {1, 5}}));
    EXPECT_FALSE(fit_line(Points{}));
}

TEST(sample, repetitions_are_paired_and_what_one_lacks_is_left_out) {
    const Sample left({{0, 10}, {1, 30}, {2, 8}}, ""), right({{0, 5}, {2, 2}, {3, 1}}, "");
    EXPECT_EQ((left / right).values(), (std::vector<double>{2, 4}));
    EXPECT_EQ((left - right).values(), (std::vector<double>{5, 6}));
    EXPECT_EQ((left - Sample({{7, 1}}, "")).reason(), "no repetition has both");
}

TEST(sample, absence_passes_on_and_a_zero_has_no_ratio) {
    const Sample absent(Absent{"no permission"}), some({{0, 10}}, ""), none({{0, 0}}, "");
    for (const Sample& sample : {absent / some, some / absent, absent + some, some - absent, absent * 2.0})
        EXPECT_EQ(sample.reason(), "no permission");
    EXPECT_EQ((some / none).reason(), "a reading of 0 has no ratio");
    EXPECT_EQ((none / some).reason(), "a reading of 0 has no ratio");
}

}  // namespace
}  // namespace tare
