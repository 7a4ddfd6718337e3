// SPDX-License-Identifier: Apache-2.0
// Where one design stops being the cheaper one: found, not there, at the edge, and not decided.
#include "analysis/model/crossover.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

Estimate ratio(double value, double apart = 0.01, bool interval = true) {
    return {value, value - apart, value + apart, interval ? 6U : 3U, interval};
}

TEST(crossover, lies_where_the_medians_cross_between_the_last_and_first_sure_size) {
    const Crossover found = crossover_of({{64, ratio(0.8)}, {256, ratio(0.995)}, {4096, ratio(1 / 0.995)}, {65536, ratio(1.25)}});
    ASSERT_EQ(found.crossings.size(), 1U);
    EXPECT_NEAR(found.crossings[0].x, 1024, 1e-6) << "halfway from 256 to 4096 in logarithms";
    EXPECT_EQ(found.crossings[0].low, 64);
    EXPECT_EQ(found.crossings[0].high, 65536);
    EXPECT_TRUE(found.crossings[0].rises);
    EXPECT_EQ(found.undecided, (std::vector<std::uint64_t>{256, 4096}));
}

TEST(crossover, falls_too_and_may_come_twice) {
    const Crossover found = crossover_of({{1, ratio(1.2)}, {4, ratio(0.8)}, {16, ratio(1.2)}});
    ASSERT_EQ(found.crossings.size(), 2U);
    EXPECT_FALSE(found.crossings[0].rises);
    EXPECT_TRUE(found.crossings[1].rises);
    EXPECT_EQ(found.crossings[1].low, 4);
}

TEST(crossover, is_not_there_where_one_is_the_cheaper_throughout) {
    const Crossover found = crossover_of({{64, ratio(0.8)}, {256, ratio(0.9)}});
    EXPECT_TRUE(found.crossings.empty());
    EXPECT_EQ(found.below, (std::vector<std::uint64_t>{64, 256}));
}

TEST(crossover, needs_both_sides_to_be_sure) {
    const Crossover edge = crossover_of({{64, ratio(0.8)}, {256, ratio(1.05, 0.1)}});
    EXPECT_TRUE(edge.crossings.empty()) << "the last size may lie on either side";
    EXPECT_EQ(edge.undecided, std::vector<std::uint64_t>{256});
    const Crossover few = crossover_of({{64, ratio(0.8, 0.01, false)}, {256, ratio(1.2, 0.01, false)}});
    EXPECT_TRUE(few.crossings.empty()) << "a range proves nothing";
    EXPECT_EQ(few.undecided.size(), 2U);
    EXPECT_TRUE(crossover_of({}).crossings.empty());
}

}  // namespace
}  // namespace tare
