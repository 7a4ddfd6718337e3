// SPDX-License-Identifier: Apache-2.0
// The scoreboard holds external servers beside ours, with what each was seen to do; what is absent is named and no 0.
#include <gtest/gtest.h>

#include "analysis/report/sections/sections.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

CellKey lockstep(const std::string& variant, const std::string& build, const std::string& op = "get_hit") {
    CellKey cell = load_cell(variant, build);
    cell.mode = "lockstep";
    cell.connections = 1;
    cell.op = op;
    return cell;
}

MadeUpLoad two_servers() {
    MadeUpLoad run;
    const CellKey external = lockstep("memcached", "external");
    run.saw(external, "bpf", {"syscalls", ""}, {300U}).saw(external, "bpf", {"syscalls", "epoll_wait"}, {100U});
    run.saw(external, "bpf", {"syscalls", "sendmsg"}, {200U}).saw(external, "bpf", {"syscalls_eagain", ""}, {50U});
    run.saw(external, "bpf", {"allocations", ""}, {Absent{"stripped"}});
    run.saw(lockstep("epoll/level/as_described", "counted"), "bpf", {"syscalls", ""}, {400U});
    return run;
}

TEST(scoreboard, a_row_a_server_with_its_calls_by_name) {
    const std::string text = two_servers().written(sections::scoreboard);
    EXPECT_TRUE(says(text, "### `get_hit`, 64 bytes of value")) << text;
    EXPECT_TRUE(says(text, "| `memcached` | unknown | 3: epoll\\_wait 1, sendmsg 2 |")) << text;
    EXPECT_TRUE(says(text, "| `epoll/level/as_described` | tare of unknown version | 4 |")) << text;
    EXPECT_TRUE(says(text, "EAGAIN 0.500, zero-length absent")) << text;
    EXPECT_TRUE(says(text, "]: stripped\n")) << text;
}

TEST(scoreboard, a_count_that_cannot_be_told_from_background_shows_its_bounds) {
    MadeUpLoad run = two_servers();
    const Reading bounded =
        Absent{"6.64 to 6.66 a request; raise `requests`: background and requests cannot be told apart (...)"};
    run.saw(lockstep("memcached", "external"), "bpf", {"context_switches", ""}, {bounded});
    const std::string text = run.written(sections::scoreboard);
    EXPECT_TRUE(says(text, "| 6.64 to 6.66[^")) << text;
    EXPECT_TRUE(says(text, "raise \\`requests\\`")) << text;
}

TEST(scoreboard, cpu_time_is_of_the_load_cell_with_the_most_connections) {
    MadeUpLoad run = two_servers();
    run.took(load_cell("memcached", "external", 64, 8), 9000).took(load_cell("memcached", "external", 64, 64), 7000);
    EXPECT_TRUE(says(run.written(sections::scoreboard), "7000 [6930, 7070] at 64"));
    EXPECT_TRUE(says(two_servers().written(sections::scoreboard), "this run puts no such load on it"));
}

TEST(scoreboard, a_run_of_our_own_servers_has_none) {
    MadeUpLoad run;
    run.saw(lockstep("epoll/level/as_described", "counted"), "bpf", {"syscalls", ""}, {400U});
    EXPECT_EQ(run.written(sections::scoreboard), "");
    EXPECT_EQ(run.written(sections::idle_activity), "");
}

TEST(scoreboard, background_is_told_by_the_second_and_stays_out_of_the_requests) {
    MadeUpLoad run = two_servers();
    const CellKey idle = lockstep("memcached", "external", "idle");
    run.saw(idle, "bpf", {"syscalls", ""}, {49U}).saw(idle, "bpf", {"syscalls", "clock_nanosleep"}, {49U});
    const std::string text = run.written(sections::idle_activity);
    EXPECT_TRUE(says(text, "| `memcached` | 100 | 490: clock\\_nanosleep 490 | absent")) << text;
    const std::string scoreboard = run.written(sections::scoreboard);
    EXPECT_FALSE(says(scoreboard, " idle")) << scoreboard;
    EXPECT_FALSE(says(scoreboard, "`idle")) << scoreboard;
}

}  // namespace
}  // namespace tare
