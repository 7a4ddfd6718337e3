// SPDX-License-Identifier: Apache-2.0
// A window's times are marked for what makes them doubtful, and only for that.
#include "harness/load_marks.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

using Names = std::vector<std::string>;

LoadResult second_with(std::vector<std::uint64_t> client_cpu_ns) {
    LoadResult result;
    result.elapsed_ns = 1'000'000'000;
    result.client_cpu_ns = std::move(client_cpu_ns);
    return result;
}

Snapshot delayed(const Reading& delay) { return {{{"run_delay_ns", ""}, delay}}; }

TEST(load_marks, a_quiet_window_has_none_and_says_so) {
    const Marks marks = marks_of(second_with({850'000'000}), nullptr, delayed(0), 0);
    EXPECT_EQ(marks.names, Names{});
    EXPECT_EQ(marks.snapshot(), (Snapshot{{{"marks", ""}, 0}}));
}

TEST(load_marks, a_client_above_85_percent_of_its_core_is_the_limit) {
    const Marks marks = marks_of(second_with({100'000'000, 850'000'001}), nullptr, delayed(0), 0);
    EXPECT_EQ(marks.names, Names{"client_bound"});
    EXPECT_EQ(marks.snapshot(), (Snapshot{{{"marks", ""}, 1}, {{"marks", "client_bound"}, 1}}));
}

TEST(load_marks, stolen_time_and_a_crowded_core_are_told) {
    EXPECT_EQ(marks_of(second_with({1}), nullptr, delayed(50'000'001), 20'000'001).names, (Names{"steal", "other_load"}));
    EXPECT_EQ(marks_of(second_with({1}), nullptr, delayed(50'000'000), 20'000'000).names, Names{});
}

TEST(load_marks, an_open_loop_that_fell_behind_is_over_capacity) {
    LoadResult open = second_with({1});
    EXPECT_EQ(marks_of(second_with({1}), &open, delayed(0), 0).names, Names{});
    open.overdue_requests = 1;
    EXPECT_EQ(marks_of(second_with({1}), &open, delayed(0), 0).names, Names{"over_capacity"});
}

TEST(load_marks, what_cannot_be_read_marks_nothing) {
    EXPECT_EQ(marks_of(second_with({}), nullptr, delayed(Absent{"gone"}), Absent{"not told"}).names, Names{});
}

TEST(load_marks, a_cell_tells_its_marks_in_one_line) {
    Cell cell;
    cell.key = {{"epoll", "level", "get_into"}, "timed", "get_hit", 16, 0, 8, 1, "load"};
    cell.load = LoadSettings{};
    cell.load->repetitions = 3;
    std::vector<Observation> rows;
    EXPECT_EQ(told_marks(cell, rows), "");
    for (const char* const detail : {"", "steal", "client_bound"})
        rows.push_back({"", cell.key, 0, "client", {"marks", detail}, 1, 1});
    rows.push_back({"", cell.key, 1, "client", {"marks", "steal"}, 1, 1});
    EXPECT_EQ(told_marks(cell, rows), "epoll/level/get_into timed get_hit 16 0 load 8: client_bound in 1 of 3, steal in 2 of 3");
}

}  // namespace
}  // namespace tare
