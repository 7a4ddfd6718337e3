// SPDX-License-Identifier: Apache-2.0
// The interval of a median: what it cannot be made of, and that it holds the true median as often as it says.
#include "analysis/bootstrap.h"
#include "analysis/statistics.h"

#include <gtest/gtest.h>

#include <random>

namespace tare {
namespace {

TEST(bootstrap, the_median_of_odd_and_even_many) {
    EXPECT_EQ(median({3, 1, 2}), 2);
    EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
    EXPECT_EQ(median({7}), 7);
}

TEST(bootstrap, a_higher_level_needs_more_repetitions) {
    EXPECT_EQ(fewest_repetitions(0.05), 6U);  // 1 - 2^-5 = 96.9 %, 1 - 2^-4 = 93.8 %
    EXPECT_EQ(fewest_repetitions(0.03125), 6U);
    EXPECT_EQ(fewest_repetitions(0.025), 7U);
    EXPECT_EQ(fewest_repetitions(0.001), 11U);
    EXPECT_EQ(fewest_repetitions(0.9), 2U);
}

TEST(bootstrap, equal_values_leave_no_room) {
    const Interval interval = bootstrap_median(std::vector<double>(10, 4.0), 0.05);
    EXPECT_EQ(interval.low, 4);
    EXPECT_EQ(interval.high, 4);
}

TEST(bootstrap, it_says_the_same_each_time_and_widens_with_the_level) {
    const std::vector<double> values{5, 1, 4, 2, 3, 9, 7, 8, 6, 0, 11, 10};
    const Interval once = bootstrap_median(values, 0.05);
    const Interval again = bootstrap_median(values, 0.05);
    EXPECT_EQ(once.low, again.low);
    EXPECT_EQ(once.high, again.high);
    const Interval wider = bootstrap_median(values, 0.001);
    EXPECT_LE(wider.low, once.low);
    EXPECT_GE(wider.high, once.high);
    EXPECT_TRUE(once.contains(median(values)));
}

// 300 samples of independent normal values: of 95 % at least 92 % must hold 0 (three standard errors below), and the
// interval must not be so wide that it holds everything: it excludes a median four deviations away.
TEST(bootstrap, it_holds_the_median_as_often_as_it_says) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    for (const std::size_t count : {6U, 12U, 25U}) {
        SCOPED_TRACE(count);
        int held = 0;
        for (int sample = 0; sample < 300; ++sample) {
            std::vector<double> values(count);
            for (double& value : values) value = normal(random);
            const Interval interval = bootstrap_median(values, 0.05);
            held += interval.contains(0) ? 1 : 0;
            EXPECT_FALSE(interval.contains(4));
        }
        EXPECT_GE(held, 276);
    }
}

}  // namespace
}  // namespace tare
