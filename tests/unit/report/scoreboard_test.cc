// SPDX-License-Identifier: Apache-2.0
// The scoreboard holds external servers beside ours, with what each was seen to do; what is absent is named and no 0.
#include <gtest/gtest.h>

#include "analysis/report/sections/sections.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

CellKey lockstep(const std::string& variant, Build build, const std::string& op = "get_hit") {
    CellKey cell = load_cell(variant, build);
    cell.mode = Mode::lockstep;
    cell.connections = 1;
    cell.op = op;
    return cell;
}

MadeUpLoad two_servers() {
    MadeUpLoad run;
    const CellKey external = lockstep("memcached", Build::external);
    run.saw(external, Source::bpf, {"syscalls", ""}, {300U}).saw(external, Source::bpf, {"syscalls", "epoll_wait"}, {100U});
    run.saw(external, Source::bpf, {"syscalls", "sendmsg"}, {200U}).saw(external, Source::bpf, {"syscalls_eagain", ""}, {50U});
    run.saw(external, Source::bpf, {"allocations", ""}, {Absent{"stripped"}});
    run.saw(lockstep("epoll/level/as_described", Build::counted), Source::bpf, {"syscalls", ""}, {400U});
    return run;
}

TEST(scoreboard, a_row_a_server_with_its_calls_by_name) {
    const std::string text = two_servers().written(sections::scoreboard);
    EXPECT_TRUE(says(text, "### `get_hit`, 64 bytes of value")) << text;
    EXPECT_TRUE(says(text, "| `memcached` | 3: epoll_wait, sendmsg 2 | absent")) << text;
    EXPECT_TRUE(says(text, "| `epoll/level/as_described` | tare of unknown version | absent")) << text;
    EXPECT_TRUE(says(text, "EAGAIN 0.500, zero-length absent")) << text;
    EXPECT_TRUE(says(text, "]: stripped\n")) << text;
}

TEST(scoreboard, a_count_that_cannot_be_told_from_background_shows_its_bounds) {
    MadeUpLoad run = two_servers();
    const Measured<std::uint64_t> bounded =
        Absent{"6.64 to 6.66 a request; raise `requests`: background and requests cannot be told apart (...)"};
    run.saw(lockstep("memcached", Build::external), Source::bpf, {"context_switches", ""}, {bounded});
    const std::string text = run.written(sections::scoreboard);
    EXPECT_TRUE(says(text, "| 6.64 to 6.66[^scoreboard-")) << text;
    EXPECT_TRUE(says(text, "raise \\`requests\\`")) << text;
}

TEST(scoreboard, cpu_time_is_of_the_load_cell_with_the_most_connections) {
    MadeUpLoad run = two_servers();
    run.took(load_cell("memcached", Build::external, 64, 8), 9000).took(load_cell("memcached", Build::external, 64, 64), 7000);
    EXPECT_TRUE(says(run.written(sections::scoreboard), "7000 [6930, 7070] at 64"));
    EXPECT_TRUE(says(two_servers().written(sections::scoreboard), "this run puts no such load on it"));
}

TEST(scoreboard, cpu_times_beside_each_other_are_of_as_many_connections) {
    MadeUpLoad run = two_servers();
    run.took(load_cell("memcached", Build::external, 64, 64), 7000);
    run.took(load_cell("epoll/level/as_described", Build::timed, 64, 64), 6000);
    run.took(load_cell("epoll/level/as_described", Build::timed, 64, 1024), 5000);
    const std::string text = run.written(sections::scoreboard);
    EXPECT_TRUE(says(text, "6000 [5940, 6060] at 64")) << text;
    EXPECT_FALSE(says(text, "at 1024")) << text;
}

TEST(scoreboard, queue_operations_are_told_by_opcode_and_allocations_by_function) {
    MadeUpLoad run = two_servers();
    const CellKey uring = lockstep("uring/oneshot/as_described", Build::counted);
    run.saw(uring, Source::bpf, {"sqes", ""}, {200U}).saw(uring, Source::bpf, {"sqes", "recv"}, {100U});
    run.saw(uring, Source::bpf, {"sqes", "send"}, {100U}).saw(uring, Source::bpf, {"cqes", ""}, {100U});
    run.saw(uring, Source::bpf, {"cqes", "recv"}, {100U}).saw(uring, Source::bpf, {"allocations", ""}, {300U});
    run.saw(uring, Source::bpf, {"allocations", "malloc"}, {200U}).saw(uring, Source::bpf, {"allocations", "calloc"}, {100U});
    run.saw(uring, Source::bpf, {"allocated_bytes", ""}, {4800U});
    const std::string text = run.written(sections::scoreboard);
    EXPECT_TRUE(says(text, "| SQEs 2: recv, send; CQEs 1: recv | 3: calloc, malloc 2 (48 bytes) |")) << text;
}

TEST(stands_out, fewest_and_most_and_calls_for_nothing_are_named) {
    const std::string text = two_servers().written(sections::what_stands_out);
    EXPECT_TRUE(
        says(text, "- `get_hit` of 64 bytes: system calls from 3 with `memcached` to 4 with `epoll/level/as_described`.\n"))
        << text;
    EXPECT_TRUE(says(text, "- Calls for nothing: `memcached` 0.500 a `get_hit` (EAGAIN).\n")) << text;
}

TEST(scoreboard, a_run_of_our_own_servers_has_none) {
    MadeUpLoad run;
    run.saw(lockstep("epoll/level/as_described", Build::counted), Source::bpf, {"syscalls", ""}, {400U});
    EXPECT_EQ(run.written(sections::scoreboard), "");
    EXPECT_EQ(run.written(sections::idle_activity), "");
}

TEST(scoreboard, background_is_told_by_the_second_and_stays_out_of_the_requests) {
    MadeUpLoad run = two_servers();
    CellKey idle = lockstep("memcached", Build::external, "");
    idle.kind = Kind::idle;
    run.saw(idle, Source::bpf, {"syscalls", ""}, {49U}).saw(idle, Source::bpf, {"syscalls", "clock_nanosleep"}, {49U});
    const std::string text = run.written(sections::idle_activity);
    EXPECT_TRUE(says(text, "| `memcached` | 100 | 490: clock_nanosleep 490 | absent")) << text;
    const std::string scoreboard = run.written(sections::scoreboard);
    EXPECT_FALSE(says(scoreboard, " idle")) << scoreboard;
    EXPECT_FALSE(says(scoreboard, "`idle")) << scoreboard;
}

}  // namespace
}  // namespace tare
