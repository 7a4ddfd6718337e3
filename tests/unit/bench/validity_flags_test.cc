// SPDX-License-Identifier: Apache-2.0
// A window's times are marked for what makes them doubtful, and only for that.
#include "harness/bench/validity_flags.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

using Names = std::vector<std::string>;

TimedWindow second_with(std::vector<std::uint64_t> client_cpu_ns, const Reading& delay = std::uint64_t{0},
                        const Reading& stolen = std::uint64_t{0}) {
    TimedWindow window{{}, {{{"run_delay_ns", ""}, delay}}, stolen};
    window.result.elapsed_ns = 1'000'000'000;
    window.result.client_cpu_ns = std::move(client_cpu_ns);
    return window;
}

Snapshot total_of(const Reading& total) { return {{{"marks", ""}, total}}; }

Snapshot with(Snapshot marks, const std::string& name, const Reading& mark = std::uint64_t{1}) {
    marks.emplace(Quantity{"marks", name}, mark);
    return marks;
}

TEST(load_marks, a_quiet_window_has_none_and_says_so) { EXPECT_EQ(marks_of(second_with({850'000'000}), nullptr), total_of(0)); }

TEST(load_marks, a_client_above_85_percent_of_its_core_is_the_limit) {
    EXPECT_EQ(marks_of(second_with({100'000'000, 850'000'001}), nullptr), with(total_of(1), "client_bound"));
}

TEST(load_marks, stolen_time_and_a_crowded_core_are_told) {
    EXPECT_EQ(marks_of(second_with({1}, 50'000'001, 20'000'001), nullptr), with(with(total_of(2), "steal"), "other_load"));
    EXPECT_EQ(marks_of(second_with({1}, 50'000'000, 20'000'000), nullptr), total_of(0));
}

TEST(load_marks, the_open_loop_has_marks_of_its_own) {
    const TimedWindow quiet = second_with({1});
    EXPECT_EQ(marks_of(quiet, &quiet), total_of(0));
    TimedWindow open = second_with({900'000'000}, 50'000'001, 20'000'001);
    open.result.overdue_requests = 1;
    EXPECT_EQ(marks_of(quiet, &open),
              with(with(with(with(total_of(4), "open_client_bound"), "open_steal"), "open_other_load"), "over_capacity"));
}

TEST(load_marks, what_cannot_be_read_is_absent_and_so_is_the_total) {
    const Snapshot marks = marks_of(second_with({1}, Absent{"gone"}, Absent{"not told"}), nullptr);
    EXPECT_EQ(marks.at({"marks", "other_load"}), Reading(Absent{"gone"}));
    EXPECT_EQ(marks.at({"marks", "steal"}), Reading(Absent{"not told"}));
    EXPECT_FALSE(marks.at({"marks", ""}).present());
    EXPECT_FALSE(marks_of(second_with({}), nullptr).at({"marks", "client_bound"}).present());
}

TEST(load_marks, a_run_tells_each_mark_once) {
    EXPECT_EQ(told_marks({}), Names{});
    const CellKey one{{"epoll", "level", "get_into"}, "timed", "get_hit", 16, 0, 8, 1, "load"};
    CellKey other = one;
    other.connections = 9;
    std::vector<Observation> rows;
    for (const CellKey& cell : {one, other})
        for (const std::uint64_t repetition : {0, 1, 2}) rows.push_back({"", cell, repetition, "client", {"marks", ""}, 1, 0});
    EXPECT_EQ(told_marks(rows), Names{});
    rows.push_back({"", one, 0, "client", {"marks", "steal"}, 1, 1});
    rows.push_back({"", one, 2, "client", {"marks", "steal"}, 1, 1});
    rows.push_back({"", one, 1, "client", {"marks", "other_load"}, 1, Absent{"gone"}});
    EXPECT_EQ(told_marks(rows).front(), "whether times should be marked other_load is not known: gone");
    rows.pop_back();
    EXPECT_EQ(told_marks(rows), Names{"times marked steal: in 1 of 2 cells under load, 2 of 6 repetitions; their rows say so"});
}

}  // namespace
}  // namespace tare
