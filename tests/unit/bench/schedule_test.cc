// SPDX-License-Identifier: Apache-2.0
// The order of a run: lockstep cells as they stand, then passes over the load cells, each in an order of its own.
#include "harness/bench/schedule.h"

#include <gtest/gtest.h>

#include <set>

namespace tare {
namespace {

Suite made_up(std::size_t lockstep_cells, std::size_t load_cells, std::uint64_t repetitions) {
    Suite suite;
    suite.cells.resize(lockstep_cells + load_cells);
    for (std::size_t index = lockstep_cells; index < suite.cells.size(); ++index) {
        suite.cells[index].load = LoadSettings{};
        suite.cells[index].load->repetitions = repetitions;
    }
    return suite;
}

std::vector<std::size_t> cells_of_pass(const std::vector<Step>& steps, std::uint64_t pass, const Suite& suite) {
    std::vector<std::size_t> cells;
    for (const Step& step : steps) {
        if (suite.cells[step.cell].load && step.repetition == pass) cells.push_back(step.cell);
    }
    return cells;
}

TEST(steps, lockstep_cells_come_once_and_first) {
    const std::vector<Step> steps = schedule_of(made_up(3, 2, 4), 1);
    ASSERT_EQ(steps.size(), 3U + 2U * 4U);
    for (std::size_t index = 0; index < 3; ++index) EXPECT_EQ(steps[index].cell, index);
}

TEST(steps, every_pass_has_every_load_cell_in_an_order_of_its_own) {
    const Suite suite = made_up(0, 50, 3);
    const std::vector<Step> steps = schedule_of(suite, 7);
    std::set<std::vector<std::size_t>> orders;
    for (std::uint64_t pass = 0; pass < 3; ++pass) {
        const std::vector<std::size_t> cells = cells_of_pass(steps, pass, suite);
        EXPECT_EQ(std::set<std::size_t>(cells.begin(), cells.end()).size(), 50U);
        orders.insert(cells);
    }
    EXPECT_EQ(orders.size(), 3U);
}

TEST(steps, a_pass_ends_before_the_next_begins) {
    std::uint64_t last = 0;
    for (const Step& step : schedule_of(made_up(0, 9, 5), 3)) {
        EXPECT_GE(step.repetition, last);
        last = step.repetition;
    }
    EXPECT_EQ(last, 4U);
}

TEST(steps, a_cell_with_fewer_repetitions_is_left_out_of_later_passes) {
    Suite suite = made_up(0, 2, 4);
    suite.cells[0].load->repetitions = 1;
    EXPECT_EQ(schedule_of(suite, 1).size(), 5U);
}

TEST(steps, every_arm_tells_its_capacity_before_the_first_repetition_where_there_is_an_open_loop) {
    Suite suite = made_up(1, 3, 2);
    suite.cells[1].load->open_loop_percent = 50;
    suite.cells[2].load->open_loop_percent = 50;
    suite.cells[2].key.build = Build::counted;  // is never timed
    const auto capacities = [](const std::vector<Step>& steps) {
        std::vector<std::pair<std::size_t, std::size_t>> found;  // side and cell
        bool repetitions_began = false;
        for (const Step& step : steps) {
            if (step.capacity) found.emplace_back(step.side, step.cell);
            EXPECT_FALSE(step.capacity && repetitions_began);
            repetitions_began = repetitions_began || (!step.capacity && step.cell > 0);
        }
        return found;
    };
    using Found = std::vector<std::pair<std::size_t, std::size_t>>;
    EXPECT_EQ(capacities(schedule_of(suite, 1)), (Found{{0, 1}}));
    EXPECT_EQ(capacities(interleaved_schedule({&suite, &suite, &suite}, 1)), (Found{{0, 1}, {1, 1}, {2, 1}}));
}

// The sides of one cell in the order of their repetitions: "ABCCBA".
std::string arms_of(const std::vector<Step>& steps, std::size_t cell, std::uint64_t block) {
    std::string sides;
    for (const Step& step : steps) {
        if (step.cell == cell && step.repetition / 2 == block) sides += static_cast<char>('A' + step.side);
    }
    return sides;
}

Suite named(std::size_t load_cells, std::uint64_t repetitions) {
    Suite suite = made_up(0, load_cells, repetitions);
    for (std::size_t index = 0; index < load_cells; ++index) suite.cells[index].key.value_bytes = index;
    return suite;
}

TEST(interleaved_schedule, a_block_goes_there_and_back_from_a_random_start) {
    const Suite suite = named(3, 40);
    for (const std::vector<const Suite*>& sides : {std::vector{&suite, &suite}, std::vector{&suite, &suite, &suite}}) {
        const std::vector<Step> steps = interleaved_schedule(sides, 5);
        ASSERT_EQ(steps.size(), sides.size() * 3U * 40U);
        std::set<char> first;
        for (std::uint64_t block = 0; block < 20; ++block) {
            for (std::size_t cell = 0; cell < 3; ++cell) {
                const std::string there_and_back = arms_of(steps, cell, block);
                ASSERT_EQ(there_and_back.size(), 2 * sides.size());
                EXPECT_EQ(there_and_back, std::string(there_and_back.rbegin(), there_and_back.rend()));
                first.insert(there_and_back.front());
            }
        }
        EXPECT_EQ(first.size(), sides.size());
    }
}

TEST(interleaved_schedule, a_block_of_a_cell_is_not_parted_by_another_cell) {
    const Suite suite = named(4, 6);
    const std::vector<Step> steps = interleaved_schedule({&suite, &suite, &suite}, 11);
    for (std::size_t index = 0; index < steps.size(); ++index) EXPECT_EQ(steps[index].cell, steps[index - index % 6].cell);
}

TEST(interleaved_schedule, an_odd_repetition_is_half_a_block_and_one_seed_is_one_order) {
    const Suite suite = named(2, 3);
    const auto order = [&](std::uint64_t seed) {
        std::vector<std::size_t> sides;
        for (const Step& step : interleaved_schedule({&suite, &suite}, seed)) sides.push_back(step.side);
        return sides;
    };
    EXPECT_EQ(order(1).size(), 2U * 2U * 3U);
    EXPECT_EQ(order(1), order(1));
    EXPECT_NE(order(1), order(2));
}

TEST(interleaved_schedule, a_cell_that_one_arm_lacks_is_run_for_the_other) {
    const Suite both = named(2, 2);
    const Suite one = named(1, 2);
    std::size_t lone = 0;
    for (const Step& step : interleaved_schedule({&both, &one}, 1)) lone += step.cell == 1 && step.side == 0 ? 1 : 0;
    EXPECT_EQ(lone, 2U);
}

}  // namespace
}  // namespace tare
