// SPDX-License-Identifier: Apache-2.0
// The order of a run: lockstep cells as they stand, then passes over the load cells, each in an order of its own.
#include "harness/steps.h"

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
    const std::vector<Step> steps = steps_of(made_up(3, 2, 4), 1);
    ASSERT_EQ(steps.size(), 3U + 2U * 4U);
    for (std::size_t index = 0; index < 3; ++index) EXPECT_EQ(steps[index].cell, index);
}

TEST(steps, every_pass_has_every_load_cell_in_an_order_of_its_own) {
    const Suite suite = made_up(0, 50, 3);
    const std::vector<Step> steps = steps_of(suite, 7);
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
    for (const Step& step : steps_of(made_up(0, 9, 5), 3)) {
        EXPECT_GE(step.repetition, last);
        last = step.repetition;
    }
    EXPECT_EQ(last, 4U);
}

TEST(steps, a_cell_with_fewer_repetitions_is_left_out_of_later_passes) {
    Suite suite = made_up(0, 2, 4);
    suite.cells[0].load->repetitions = 1;
    EXPECT_EQ(steps_of(suite, 1).size(), 5U);
}

}  // namespace
}  // namespace tare
