// SPDX-License-Identifier: Apache-2.0
// Who is asked when in a contrast: balanced in each block, drawn anew from block to block; and when it ends.
#include "harness/bench/contrast_order.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace tare {
namespace {

TEST(contrast_order, a_block_is_there_and_back) {
    std::mt19937_64 random(5);
    for (const std::size_t arms : {2U, 3U, 9U}) {
        const std::vector<std::size_t> order = block_order(arms, random);
        ASSERT_EQ(order.size(), 2 * arms);
        std::vector<std::size_t> places(arms, 0);
        for (std::size_t place = 0; place < order.size(); ++place) {
            EXPECT_EQ(order[place], order[order.size() - 1 - place]);
            places.at(order[place]) += place;
        }
        // Two slices each, whose places have the same mean: a steady drift falls on all alike.
        for (const std::size_t sum : places) EXPECT_EQ(sum, 2 * arms - 1);
    }
}

TEST(contrast_order, every_arm_comes_first_equally_often) {
    constexpr std::size_t arms = 4;
    constexpr int blocks = 4000;
    std::mt19937_64 random(7);
    std::map<std::size_t, int> firsts;
    std::set<std::vector<std::size_t>> orders;
    for (int block = 0; block < blocks; ++block) {
        const std::vector<std::size_t> order = block_order(arms, random);
        ++firsts[order.front()];
        orders.insert(order);
    }
    EXPECT_EQ(orders.size(), 24U);
    // 1000 each in the mean, with a standard deviation of 27.
    for (std::size_t arm = 0; arm < arms; ++arm) EXPECT_NEAR(firsts[arm], blocks / 4, 140);
}

TEST(contrast_order, one_seed_makes_one_order) {
    std::mt19937_64 one(11), same(11), other(12);
    EXPECT_EQ(block_order(9, one), block_order(9, same));
    EXPECT_NE(block_order(9, one), block_order(9, other));
}

// So many generations of blocks on two subjects and a control, of which `other` takes so many times as much, give or take a share
// that alternates from generation to generation.
ContrastRatios measured(std::size_t generations, double times, double spread) {
    ContrastRatios ratios;
    for (std::uint64_t generation = 0; generation < generations; ++generation) {
        for (const ContrastRole role : {ContrastRole::first, ContrastRole::other, ContrastRole::control}) {
            const double off = generation % 2 == 0 ? 1 + spread : 1 - spread;
            ContrastRow row;
            row.contrast = "c";
            row.generation = row.block = generation;
            row.subject = role == ContrastRole::other ? "b" : "a";
            row.role = role;
            row.requests = 1000;
            row.server_cpu_ns = static_cast<std::uint64_t>(1e9 * (role == ContrastRole::other ? times * off : 1));
            row.client_cpu_ns = row.window_ns = row.latency_p50_ns = std::uint64_t{1000};
            ratios.include(row);
        }
    }
    return ratios;
}

TEST(contrast_end, it_ends_when_the_widest_interval_is_narrow_enough) {
    EXPECT_EQ(end_of(measured(12, 1.1, 0.01), 0.02, true, 5, 30), ContrastEnd::precision);
    EXPECT_EQ(end_of(measured(12, 1.1, 0.05), 0.02, true, 5, 30), std::nullopt);
}

TEST(contrast_end, it_ends_by_width_and_never_by_what_it_found) {
    for (const double times : {0.5, 1.0, 2.0}) {
        EXPECT_EQ(end_of(measured(12, times, 0.01), 0.02, true, 5, 30), ContrastEnd::precision) << times;
        EXPECT_EQ(end_of(measured(12, times, 0.05), 0.02, true, 5, 30), std::nullopt) << times;
    }
}

TEST(contrast_end, few_generations_are_not_believed_however_narrow) {
    EXPECT_EQ(end_of(measured(generations_least - 1, 1.1, 0), 0.02, true, 5, 30), std::nullopt);
    EXPECT_EQ(end_of(measured(generations_least, 1.1, 0), 0.02, true, 5, 30), ContrastEnd::precision);
}

TEST(contrast_end, a_generation_is_finished_first) { EXPECT_EQ(end_of(measured(12, 1.1, 0), 0.02, false, 5, 30), std::nullopt); }

TEST(contrast_end, the_budget_ends_it_whatever_is_known) {
    EXPECT_EQ(end_of(measured(1, 1.1, 0), 0.02, false, 30, 30), ContrastEnd::budget);
    EXPECT_EQ(end_of(measured(12, 1.1, 0.3), 0.02, true, 31, 30), ContrastEnd::budget);
}

}  // namespace
}  // namespace tare
