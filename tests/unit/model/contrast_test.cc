// SPDX-License-Identifier: Apache-2.0
// The ratios of a contrast against values that were computed by hand, and what they are not made of.
#include "analysis/model/contrast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tare {
namespace {

const ContrastSubject first{"a", ContrastRole::first};
const ContrastSubject other{"b", ContrastRole::other};
const ContrastSubject control{"a", ContrastRole::control};

// Of 1000 requests that take so many ns of server CPU each.
ContrastRow slice(std::uint64_t generation, std::uint64_t block, const ContrastSubject& subject, double cpu_ns) {
    ContrastRow row;
    row.contrast = "c";
    row.generation = generation;
    row.block = block;
    row.subject = subject.name;
    row.role = subject.role;
    row.requests = 1000;
    row.server_cpu_ns = static_cast<std::uint64_t>(std::llround(1000 * cpu_ns));
    row.client_cpu_ns = 2'000'000;
    row.window_ns = 10'000'000;
    row.latency_p50_ns = 50'000;
    return row;
}

// There and back on the first and the other, at these two figures each.
void add_block(std::vector<ContrastRow>& rows, std::uint64_t generation, std::uint64_t block, std::array<double, 2> of_first,
               std::array<double, 2> of_other) {
    for (const double cpu_ns : of_first) rows.push_back(slice(generation, block, first, cpu_ns));
    for (const double cpu_ns : of_other) rows.push_back(slice(generation, block, other, cpu_ns));
}

ContrastEffects one_block_each(const std::vector<double>& values) {
    ContrastEffects effects;
    for (std::size_t index = 0; index < values.size(); ++index) effects[index] = {values[index]};
    return effects;
}

// Of six signs the least and the most hold the middle with 1 - 2/64.
TEST(contrast, six_generations_have_the_interval_from_the_least_to_the_most) {
    const ContrastRatio ratio = ratio_of(one_block_each({0.06, 0.01, 0.05, 0.02, 0.04, 0.03})).value();
    EXPECT_NEAR(std::log(ratio.value), 0.035, 1e-12);
    EXPECT_NEAR(std::log(ratio.interval.low), 0.01, 1e-12);
    EXPECT_NEAR(std::log(ratio.interval.high), 0.06, 1e-12);
    EXPECT_EQ(ratio.generations, 6U);
    EXPECT_EQ(ratio.blocks, 6U);
}

// Of 1 to 8 a sum of ranks of 3 or less has the chance 5/256, of 4 or less 7/256: three means are cut off, 1, 1.5 and 2 (of 1 and
// 3), and the next is the 2 itself.
TEST(contrast, eight_generations_have_the_interval_between_the_fourth_means) {
    const ContrastRatio ratio = ratio_of(one_block_each({0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08})).value();
    EXPECT_NEAR(std::log(ratio.value), 0.045, 1e-12);
    EXPECT_NEAR(std::log(ratio.interval.low), 0.02, 1e-12);
    EXPECT_NEAR(std::log(ratio.interval.high), 0.07, 1e-12);
}

TEST(contrast, five_generations_have_none_however_many_blocks) {
    ContrastEffects effects;
    for (std::uint64_t generation = 0; generation < 5; ++generation) effects[generation].assign(100, 0.01);
    const auto ratio = ratio_of(effects);
    ASSERT_FALSE(ratio.present());
    EXPECT_EQ(ratio.reason(), "5 generations of processes; an interval needs six");
}

// Blocks of one generation are its mean, and no more than one value of the interval.
TEST(contrast, a_generation_counts_once) {
    ContrastEffects effects = one_block_each({0.01, 0.02, 0.03, 0.04, 0.05, 0.06});
    effects[0] = {0.0, 0.0, 0.03};  // 0.01 in the mean
    const ContrastRatio ratio = ratio_of(effects).value();
    EXPECT_NEAR(std::log(ratio.value), 0.035, 1e-12);
    EXPECT_NEAR(std::log(ratio.interval.low), 0.01, 1e-12);
    EXPECT_EQ(ratio.generations, 6U);
    EXPECT_EQ(ratio.blocks, 8U);
}

// 20 generations of 4 blocks, whose processes spread as much as their blocks: taken as independent, blocks would make it too
// narrow.
TEST(contrast, the_interval_holds_the_truth_as_often_as_it_says_though_processes_differ) {
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal;
    constexpr int tried = 1000;
    int held = 0;
    for (int sample = 0; sample < tried; ++sample) {
        ContrastEffects effects;
        for (std::uint64_t generation = 0; generation < 20; ++generation) {
            const double process = 0.02 * normal(random);
            for (int block = 0; block < 4; ++block) effects[generation].push_back(process + 0.02 * normal(random));
        }
        held += ratio_of(effects).value().interval.contains(1) ? 1 : 0;
    }
    EXPECT_GE(held, 930);
    EXPECT_LE(held, 975);
}

TEST(contrast, of_many_generations_neighbours_are_put_together) {
    std::vector<double> values;
    for (int index = 0; index < 130; ++index) values.push_back(index % 2 == 0 ? 0.5 : -0.5);
    // Three together, 44 means, each 1/6 or -1/6 but the last, of one alone.
    const ContrastRatio ratio = ratio_of(one_block_each(values)).value();
    EXPECT_EQ(ratio.generations, 130U);
    EXPECT_LT(std::abs(std::log(ratio.value)), 0.1);
    EXPECT_LT(ratio.half_width(), 0.17);
}

TEST(contrast, a_ratio_is_paired_within_its_block) {
    std::vector<ContrastRow> rows;
    // The machine is twice as slow in every other block; the other takes 1.1 times as much in all of them.
    for (std::uint64_t block = 0; block < 24; ++block) {
        const double slow = block % 2 == 0 ? 1000 : 2000;
        add_block(rows, block / 4, block, {slow, slow}, {1.1 * slow, 1.1 * slow});
    }
    const ContrastRatios ratios(rows);
    const ContrastRatio ratio = ratios.ratio(other, ContrastMetric::server_cpu).value();
    EXPECT_NEAR(ratio.value, 1.1, 1e-9);
    EXPECT_NEAR(ratio.half_width(), 0, 1e-9);
    EXPECT_EQ(ratio.generations, 6U);
    EXPECT_EQ(ratio.blocks, 24U);
    EXPECT_EQ(ratios.blocks(), 24U);
    EXPECT_EQ(ratios.generations(), 6U);
    EXPECT_EQ(ratios.slices(), 96U);
    EXPECT_NEAR(ratios.widest().value(), 0, 1e-9);
    EXPECT_NEAR(ratios.median(first, ContrastMetric::server_cpu).value(), 1500, 1e-9);
}

// sqrt(1000 * 4000) over sqrt(1000 * 1000).
TEST(contrast, there_and_back_are_one_figure) {
    std::vector<ContrastRow> rows;
    for (std::uint64_t block = 0; block < 6; ++block) add_block(rows, block, block, {1000, 1000}, {1000, 4000});
    EXPECT_NEAR(ContrastRatios(rows).ratio(other, ContrastMetric::server_cpu).value().value, 2, 1e-9);
}

TEST(contrast, the_figures_of_a_slice) {
    const ContrastRow row = slice(0, 0, first, 700);
    EXPECT_NEAR(figure_of(row, ContrastMetric::server_cpu).value(), 700, 1e-9);
    EXPECT_NEAR(figure_of(row, ContrastMetric::client_cpu).value(), 2000, 1e-9);
    EXPECT_NEAR(figure_of(row, ContrastMetric::requests_per_s).value(), 100'000, 1e-6);
    EXPECT_NEAR(figure_of(row, ContrastMetric::latency_p50).value(), 50'000, 1e-9);
    ContrastRow none = row;
    none.requests = std::uint64_t{0};
    EXPECT_EQ(figure_of(none, ContrastMetric::server_cpu).reason(), "a reading of 0 has no ratio");
}

TEST(contrast, the_first_stands_first_and_the_control_last) {
    std::vector<ContrastRow> rows{slice(0, 0, control, 1), slice(0, 0, other, 1), slice(0, 0, {"c", ContrastRole::other}, 1),
                                  slice(0, 0, first, 1)};
    EXPECT_EQ(ContrastRatios(rows).subjects(), (std::vector<ContrastSubject>{first, other, {"c", ContrastRole::other}, control}));
}

TEST(contrast, an_absent_subject_is_not_waited_for) {
    std::vector<ContrastRow> rows;
    for (std::uint64_t block = 0; block < 24; ++block) {
        add_block(rows, block / 4, block, {1000, 1000}, {1100, 1100});
        if (block == 0) rows.push_back(absent_contrast_row(slice(0, 0, {"c", ContrastRole::other}, 1), "no io_uring"));
    }
    const ContrastRatios ratios(rows);
    EXPECT_TRUE(ratios.widest());
    const auto absent = ratios.ratio({"c", ContrastRole::other}, ContrastMetric::server_cpu);
    ASSERT_FALSE(absent.present());
    EXPECT_EQ(absent.reason(), "no io_uring");
    EXPECT_EQ(ratios.median({"c", ContrastRole::other}, ContrastMetric::latency_p50).reason(), "no io_uring");
}

TEST(contrast, one_that_cannot_be_told_yet_keeps_it_running) {
    std::vector<ContrastRow> rows;
    for (std::uint64_t block = 0; block < 24; ++block) {
        add_block(rows, block / 4, block, {1000, 1000}, {1100, 1100});
        if (block > 8) rows.push_back(slice(block / 4, block, control, 1000));
    }
    EXPECT_FALSE(ContrastRatios(rows).widest());
}

// The other failed in its second slice of block 3: that block is no there and back.
TEST(contrast, a_block_that_was_not_finished_is_left_out) {
    std::vector<ContrastRow> rows;
    for (std::uint64_t block = 0; block < 7; ++block) {
        rows.push_back(slice(block, block, first, 1000));
        rows.push_back(slice(block, block, first, 1000));
        rows.push_back(slice(block, block, other, block == 3 ? 9000 : 1000));
        rows.push_back(block == 3 ? absent_contrast_row(slice(block, block, other, 1), "it ended")
                                  : slice(block, block, other, 1000));
    }
    const ContrastRatios ratios(rows);
    EXPECT_NEAR(ratios.ratio(other, ContrastMetric::server_cpu).value().interval.high, 1, 1e-9);
    EXPECT_EQ(ratios.left_out(other, ContrastMetric::server_cpu), "it ended");
    EXPECT_EQ(ratios.left_out(first, ContrastMetric::server_cpu), "");
}

TEST(contrast, marks_are_counted_by_slice) {
    std::vector<ContrastRow> rows{slice(0, 0, first, 1), slice(0, 0, other, 1), slice(0, 0, first, 1)};
    rows[0].marks = "client_bound steal";
    rows[2].marks = "steal";
    EXPECT_EQ(ContrastRatios(rows).marks(), (std::map<std::string, std::size_t>{{"client_bound", 1}, {"steal", 2}}));
}

TEST(contrast, the_rows_of_a_run_are_told_apart) {
    std::vector<ContrastRow> rows{slice(0, 0, first, 1), slice(0, 0, other, 1), slice(1, 4, first, 1)};
    rows[1].contrast = "d";
    const auto contrasts = by_contrast(rows);
    ASSERT_EQ(contrasts.size(), 2U);
    EXPECT_EQ(contrasts[0].first, "c");
    EXPECT_EQ(contrasts[0].second.size(), 2U);
    EXPECT_EQ(contrasts[1].second.size(), 1U);
}

}  // namespace
}  // namespace tare
