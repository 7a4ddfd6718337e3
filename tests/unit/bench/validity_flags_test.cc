// SPDX-License-Identifier: Apache-2.0
// A window's times are marked for what makes them doubtful, and only for that.
#include "harness/bench/validity_flags.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

using Names = std::vector<std::string>;

TimedWindow second_with(std::vector<std::uint64_t> client_cpu_ns, const Measured<std::uint64_t>& delay = std::uint64_t{0},
                        const Measured<std::uint64_t>& stolen = std::uint64_t{0},
                        const Measured<std::uint64_t>& server_cpu_ns = std::uint64_t{500'000'000}) {
    TimedWindow window{{}, {{{"run_delay_ns", ""}, delay}, {{"cpu_ns", ""}, server_cpu_ns}}, stolen};
    window.result.elapsed_ns = 1'000'000'000;
    window.result.client_cpu_ns = std::move(client_cpu_ns);
    return window;
}

Snapshot total_of(const Measured<std::uint64_t>& total) { return {{{"marks", ""}, total}}; }

Snapshot with(Snapshot marks, const std::string& name, const Measured<std::uint64_t>& mark = std::uint64_t{1}) {
    marks.set({"marks", name}, mark);
    return marks;
}

TEST(load_marks, a_quiet_window_has_none_and_says_so) { EXPECT_EQ(marks_of(second_with({850'000'000}), nullptr), total_of(0)); }

TEST(load_marks, a_client_above_85_percent_of_its_core_is_the_limit_where_the_server_was_idle_for_it) {
    const auto marks = [](const Measured<std::uint64_t>& server_cpu_ns) {
        return marks_of(second_with({100'000'000, 850'000'001}, std::uint64_t{0}, std::uint64_t{0}, server_cpu_ns), nullptr);
    };
    EXPECT_EQ(marks(500'000'000), with(total_of(1), "client_bound"));
    EXPECT_EQ(marks(949'999'999), with(total_of(1), "client_bound"));
    EXPECT_EQ(marks(950'000'000), total_of(0));
    EXPECT_EQ(marks(1'000'000'000), total_of(0));
    EXPECT_EQ(marks(Absent{"gone"}).reading({"marks", "client_bound"}), Measured<std::uint64_t>(Absent{"gone"}));
    // Of a client with time to spare nobody has to know what the server did.
    EXPECT_EQ(marks_of(second_with({850'000'000}, std::uint64_t{0}, std::uint64_t{0}, Absent{"gone"}), nullptr), total_of(0));
}

TEST(load_marks, a_client_alone_knows_what_it_is_told_of_the_server) {
    LoadResult result;
    result.elapsed_ns = 1'000'000'000;
    result.client_cpu_ns = {900'000'000};
    EXPECT_EQ(marks_of_client(result, std::uint64_t{1}, std::uint64_t{0}, false), with(total_of(1), "client_bound"));
    EXPECT_EQ(marks_of_client(result, std::uint64_t{960'000'000}, std::uint64_t{0}, false), total_of(0));
    EXPECT_EQ(marks_of_client(result, Absent{"not ours"}, std::uint64_t{0}, false).reading({"marks", "client_bound"}),
              Measured<std::uint64_t>(Absent{"not ours"}));
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
    EXPECT_EQ(marks.reading({"marks", "other_load"}), Measured<std::uint64_t>(Absent{"gone"}));
    EXPECT_EQ(marks.reading({"marks", "steal"}), Measured<std::uint64_t>(Absent{"not told"}));
    EXPECT_FALSE(marks.reading({"marks", ""}).present());
    EXPECT_EQ(marks_of(second_with({}), nullptr).reading({"marks", "client_bound"}),
              Measured<std::uint64_t>(Absent{"no client thread told its CPU time"}));
}

TEST(load_marks, a_run_tells_each_mark_once) {
    EXPECT_EQ(told_marks({}), Names{});
    const CellKey one{{"epoll", "level", "get_into"}, Build::timed, Kind::request, "get_hit", 16, 0, 8, 1, Mode::load};
    CellKey other = one;
    other.connections = 9;
    std::vector<Observation> rows;
    for (const CellKey& cell : {one, other})
        for (const std::uint64_t repetition : {0, 1, 2})
            rows.push_back({cell, repetition, Source::client, {"marks", ""}, {1}, 0});
    EXPECT_EQ(told_marks(rows), Names{});
    rows.push_back({one, 0, Source::client, {"marks", "steal"}, {1}, 1});
    rows.push_back({one, 2, Source::client, {"marks", "steal"}, {1}, 1});
    rows.push_back({one, 1, Source::client, {"marks", "other_load"}, {1}, Absent{"gone"}});
    EXPECT_EQ(told_marks(rows).front(), "whether times should be marked other_load is not known: gone");
    rows.pop_back();
    EXPECT_EQ(told_marks(rows), Names{"times marked steal: in 1 of 2 cells under load, 2 of 6 repetitions; their rows say so"});
}

}  // namespace
}  // namespace tare
