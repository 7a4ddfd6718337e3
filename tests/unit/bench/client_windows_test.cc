// SPDX-License-Identifier: Apache-2.0
// What N requests of a client cost is what a run of N more takes more; a client that did not do as it was told is found out.
#include "harness/bench/client_windows.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

struct Seen {
    std::uint64_t calls;  // of which `accepted` are accept4
    std::uint64_t accepted;
    std::uint64_t received_bytes;
};

ClientWindow window(std::uint64_t requests, const Seen& seen) {
    Snapshot bpf{{{"syscalls", ""}, seen.calls},
                 {{"syscalls", "accept4"}, seen.accepted},
                 {{"syscalls", "recvfrom"}, seen.calls - seen.accepted},
                 {{"syscalls_eagain", ""}, std::uint64_t{0}},
                 {{"kernel_copied_bytes", ""}, seen.received_bytes},
                 {{"kernel_copied_bytes", "received"}, seen.received_bytes}};
    return {{{Source::bpf, bpf}}, requests, 1000};
}

const IdleWindow quiet{{{{"syscalls", ""}, std::uint64_t{0}}, {{"kernel_copied_bytes", ""}, std::uint64_t{0}}}, 1000};

TEST(client_windows, what_is_done_once_cancels) {
    const ClientWindows windows{window(100, {307, 1, 1050}), window(200, {607, 1, 2050}), window(400, {1207, 1, 4050})};
    EXPECT_EQ(miscount(windows), std::nullopt);
    const auto cost = differences(windows, Source::bpf, quiet);
    EXPECT_EQ(cost[0].requests, 100U);
    EXPECT_EQ(cost[1].requests, 200U);
    EXPECT_EQ(cost[0].seen.part("syscalls", "recvfrom"), Measured<std::uint64_t>(300));
    EXPECT_EQ(cost[1].seen.total("syscalls"), Measured<std::uint64_t>(600));
    EXPECT_FALSE(cost[0].seen.lists({"syscalls", "accept4"}));
}

TEST(client_windows, what_the_server_does_by_itself_is_expected_in_the_longer_run_alone) {
    ClientWindows windows{window(100, {307, 1, 1050}), window(200, {607, 1, 2050}), window(400, {1207, 1, 4050})};
    Snapshot idle = quiet.seen;
    idle.set({"syscalls", ""}, 4);
    idle.set({"syscalls", "epoll_wait"}, 4);
    // By chance fewer in the longer run than in the shorter one.
    for (const auto& [index, waits] : {std::pair{0, 5}, {1, 3}, {2, 4}}) {
        Snapshot& seen = windows[static_cast<std::size_t>(index)].seen.at(Source::bpf);
        seen.set({"syscalls", "epoll_wait"}, static_cast<std::uint64_t>(waits));
        seen.set({"syscalls", ""}, seen.total("syscalls").value() + static_cast<std::uint64_t>(waits));
    }
    auto cost = differences(windows, Source::bpf, {idle, 1000});
    EXPECT_EQ(cost[0].seen.part("syscalls", "epoll_wait"), Measured<std::uint64_t>(2));  // 3 + 4 - 5
    EXPECT_EQ(cost[0].seen.total("syscalls"), Measured<std::uint64_t>(302));
    subtract_idle_activity(cost, {idle, 1000});
    EXPECT_EQ(cost[0].seen.total("syscalls"), Measured<std::uint64_t>(300));
    EXPECT_EQ(cost[1].seen.total("syscalls"), Measured<std::uint64_t>(600));
}

TEST(client_windows, what_happened_by_chance_in_the_shorter_run_is_no_cost) {
    ClientWindows windows{window(100, {307, 1, 1050}), window(200, {607, 1, 2050}), window(400, {1207, 1, 4050})};
    for (const auto& [index, grown] : {std::pair{0, 1}, {1, 0}, {2, 1}}) {
        Snapshot& seen = windows[static_cast<std::size_t>(index)].seen.at(Source::bpf);
        if (grown > 0) seen.set({"syscalls", "brk"}, static_cast<std::uint64_t>(grown));
        seen.set({"syscalls", ""}, seen.total("syscalls").value() + static_cast<std::uint64_t>(grown));
    }
    const auto cost = differences(windows, Source::bpf, quiet);
    EXPECT_FALSE(cost[0].seen.lists({"syscalls", "brk"}));
    EXPECT_EQ(cost[0].seen.total("syscalls"), Measured<std::uint64_t>(300));
    EXPECT_EQ(cost[1].seen.part("syscalls", "brk"), Measured<std::uint64_t>(1));
}

TEST(client_windows, what_shrank_is_absent_and_says_so) {
    const ClientWindows windows{window(100, {700, 1, 1050}), window(200, {607, 1, 2050}), window(400, {1207, 1, 4050})};
    const auto cost = differences(windows, Source::bpf, quiet);
    ASSERT_FALSE(cost[0].seen.part("syscalls", "recvfrom").present());
    EXPECT_EQ(cost[0].seen.part("syscalls", "recvfrom").reason(), "606 in the run of more requests, 699 in that of fewer");
}

TEST(client_windows, another_number_of_requests_is_seen_by_bytes) {
    const auto told = [](std::uint64_t first, std::uint64_t second, std::uint64_t third) {
        const auto fault = miscount({window(100, {1, 1, first}), window(200, {1, 1, second}), window(400, {1, 1, third})});
        return fault.value_or("").substr(0, 57);
    };
    const std::string named = "the client makes another number of requests than it is to";
    EXPECT_EQ(told(1050, 2050, 4050), "");
    EXPECT_EQ(told(1050, 2060, 4090), "");  // numbers in a request may be longer
    EXPECT_EQ(told(1050, 1050, 1050), named);
    EXPECT_EQ(told(1050, 2050, 3050), named);
    EXPECT_EQ(told(1050, 2050, 2050), named);
    EXPECT_EQ(told(2050, 1050, 4050), named);
}

TEST(client_windows, connections_that_grow_with_the_requests_do_not_cancel) {
    const auto fault = miscount({window(100, {10, 2, 1050}), window(200, {10, 4, 2050}), window(400, {10, 8, 4050})});
    EXPECT_EQ(fault.value_or(""),
              "the client opened 2 connections for 100 requests and 4 for 200: what they cost is not cancelled");
}

TEST(client_windows, without_counts_nothing_is_said_of_their_number) {
    ClientWindows windows;
    for (ClientWindow& each : windows) each = {{{Source::bpf, {{{"kernel_copied_bytes", ""}, Absent{"no BPF"}}}}}, 100, 1};
    EXPECT_EQ(miscount(windows), std::nullopt);
}

}  // namespace
}  // namespace tare
