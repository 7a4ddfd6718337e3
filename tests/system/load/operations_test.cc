// SPDX-License-Identifier: Apache-2.0
// Every operation under load is asked, verified and counted, over few connections and many, by one thread and by two.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "harness/load/load_client.h"
#include "harness/process/cpu_affinity.h"
#include "probes/counters/ledger_page.h"
#include "tests/refusal.h"
#include "tests/system/load/each_client_io.h"
#include "tests/system/load/served.h"

namespace tare {
namespace {

class Operations : public EachClientIo {
protected:
    static LoadPlan plan_of(const ServerProcess& server, const std::vector<LoadPlan::Share>& mix) {
        LoadPlan plan;
        plan.server = server.endpoint();
        plan.mix = mix;
        plan.connections = 8;
        plan.client_io = GetParam();
        return plan;
    }
};

LoadResult load(const LoadPlan& plan, std::uint64_t requests) {
    LoadClient client(plan);
    client.prepare();
    LoadWindow window;
    window.requests = requests;
    return client.run(window);
}

void expect_whole(const LoadResult& result, std::uint64_t requests) {
    EXPECT_EQ(result.requests_sent, requests);
    EXPECT_EQ(result.replies_received, requests);
    EXPECT_EQ(result.latency_ns.count(), requests);
    EXPECT_EQ(result.late_ns.count(), 0U);
    EXPECT_GT(result.elapsed_ns, 0U);
    EXPECT_EQ(result.overdue_requests, 0U);
}

TEST_P(Operations, each_is_verified_at_depth_1_and_16) {
    const ServerProcess server = served();
    for (const Operation operation : {Operation::get_hit, Operation::get_miss, Operation::set, Operation::mget}) {
        for (const std::uint64_t pipeline : {1U, 16U}) {
            LoadPlan plan = plan_of(server, {{operation, 1}});
            plan.pipeline = pipeline;
            expect_whole(load(plan, 5003), 5003);
        }
    }
}

TEST_P(Operations, bytes_are_counted_to_the_last) {
    const ServerProcess server = served();
    const LoadResult result = load(plan_of(server, {{Operation::get_hit, 1}}), 1000);
    EXPECT_EQ(result.sent_bytes, 1000 * std::string("get k000000000000000\r\n").size());
    EXPECT_EQ(result.received_bytes, 1000 * (std::string("VALUE k000000000000000 0 64\r\n").size() + 64 + 7));
}

TEST_P(Operations, a_mix_with_sets_and_values_of_several_sizes) {
    const ServerProcess server = served();
    LoadPlan plan = plan_of(server, {{Operation::get_hit, 8}, {Operation::set, 1}, {Operation::mget, 1}});
    plan.value_bytes = {0, 1, 64, 4096, 200'000};
    plan.pipeline = 4;
    plan.key_count = 50;
    expect_whole(load(plan, 3000), 3000);
}

TEST_P(Operations, sets_without_a_reply_are_confirmed_by_gets_besides) {
    const ServerProcess server = served();
    const LoadResult result = load(plan_of(server, {{Operation::set_noreply, 1}}), 20'000);
    EXPECT_EQ(result.requests_sent, 20'000U);
    EXPECT_EQ(result.replies_received, 0U);
    EXPECT_EQ(result.latency_ns.count(), 0U);
    EXPECT_GE(result.confirming_gets, 20'000U / 256);
    EXPECT_LE(result.confirming_gets, 20'000U / 256 + 8);
    EXPECT_EQ(result.received_bytes, result.confirming_gets * 5);  // END and its line end
    const LoadResult mixed = load(plan_of(server, {{Operation::set_noreply, 1}, {Operation::get_hit, 1}}), 20'000);
    EXPECT_EQ(mixed.requests_sent, 20'000U);
    EXPECT_NEAR(static_cast<double>(mixed.replies_received), 10'000, 500);
    EXPECT_LE(mixed.confirming_gets, 8U);  // at the end alone: each get confirms the sets before it
}

TEST_P(Operations, fifteen_hundred_connections_by_two_threads) {
    const ServerProcess server = served("epoll/level/gathered_reply", 1500);
    LoadPlan plan = plan_of(server, {{Operation::get_hit, 1}});
    plan.connections = 1500;
    plan.cpus = {0, 0};  // two threads, also where there is one core
    const LoadResult result = load(plan, 30'001);
    expect_whole(result, 30'001);
    EXPECT_EQ(result.client_cpu_ns.size(), 2U);
}

// A socket takes only part of what is sent here, and a reply comes in many pieces.
TEST_P(Operations, values_of_a_mebibyte_are_sent_and_verified) {
    const ServerProcess server = served();
    LoadPlan plan = plan_of(server, {{Operation::get_hit, 1}, {Operation::set, 1}});
    plan.value_bytes = {std::uint64_t{1} << 20, 5};
    plan.key_count = 8;
    plan.pipeline = 3;
    const LoadResult result = load(plan, 600);
    expect_whole(result, 600);
    EXPECT_GT(result.sent_bytes, std::uint64_t{100} << 20);
    EXPECT_GT(result.received_bytes, std::uint64_t{100} << 20);
}

TEST_P(Operations, popular_keys_and_all_cores) {
    const ServerProcess server = served();
    LoadPlan plan = plan_of(server, {{Operation::get_hit, 3}, {Operation::set, 1}});
    plan.popularity.zipf_exponent = 0.99;
    plan.pipeline = 4;
    plan.cpus = allowed_cores();
    plan.connections = 4 * plan.cpus.size();
    const LoadResult result = load(plan, 20'000);
    expect_whole(result, 20'000);
    EXPECT_EQ(result.client_cpu_ns.size(), plan.cpus.size());
    EXPECT_EQ(result.client_io.used, GetParam());
}

TEST_P(Operations, what_is_sent_is_what_the_server_parsed) {
    allow_connections(64);
    for (const char* const variant : {"epoll/level/gathered_reply", "uring/skip_send_cqe/gathered_reply"}) {
        const LedgerFile ledger;
        const ServerProcess server{
            {ReferenceServers::beside_this_program().program(Build::counted), variant, "--ledger", ledger.path_for_child()},
            std::nullopt};
        LoadPlan plan = plan_of(server, {{Operation::get_hit, 2}, {Operation::set, 1}, {Operation::get_miss, 1}});
        plan.connections = 64;
        plan.pipeline = 16;
        LoadClient client(plan);
        client.prepare();
        const Snapshot open = snapshot_of(ledger.page());
        LoadWindow window;
        window.duration_ns = 100'000'000;
        const LoadResult result = client.run(window);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a send without completion is settled by the next wake-up
        window.duration_ns = 0;
        window.requests = 1;
        const LoadResult last = client.run(window);
        const Snapshot seen = snapshot_of(ledger.page()).minus(open);
        EXPECT_GT(result.requests_sent, 1000U);
        EXPECT_EQ(result.replies_received, result.requests_sent);
        EXPECT_EQ(result.latency_ns.count(), result.requests_sent);
        EXPECT_EQ(seen.total("requests_parsed"), Measured(result.requests_sent + last.requests_sent)) << variant;
        EXPECT_EQ(seen.total("received_bytes"), Measured(result.sent_bytes + last.sent_bytes)) << variant;
    }
}

TEST_P(Operations, by_a_unix_socket) {
    const std::string path = fmt::format("/tmp/tare-load-{}.socket", ::getpid());
    Endpoint endpoint;
    endpoint.transport = Transport::unix_stream;
    endpoint.path = path;
    const ServerProcess memcached{{"memcached", "-s", path, "-u", "root", "-t", "1"}, std::nullopt, endpoint};
    LoadPlan plan = plan_of(memcached, {{Operation::get_hit, 1}, {Operation::set, 1}});
    plan.pipeline = 4;
    const LoadResult result = load(plan, 5000);
    expect_whole(result, 5000);
    EXPECT_EQ(result.client_io.used, GetParam());
}

TEST_P(Operations, windows_follow_each_other_on_the_same_connections) {
    const ServerProcess server = served();
    LoadPlan plan = plan_of(server, {{Operation::get_hit, 1}});
    LoadClient client(plan);
    client.prepare();
    LoadWindow closed;
    closed.duration_ns = 50'000'000;
    LoadWindow open = closed;
    open.open_loop = LoadWindow::OpenLoop{1000, Arrivals::poisson};
    for (int round = 0; round < 3; ++round) {
        const LoadResult first = client.run(closed);
        EXPECT_GT(first.requests_sent, 0U);
        EXPECT_EQ(first.replies_received, first.requests_sent);
        const LoadResult second = client.run(open);
        EXPECT_EQ(second.replies_received, second.requests_sent);
        EXPECT_EQ(second.late_ns.count(), second.requests_sent);
    }
}

TEST_P(Operations, plans_without_sense_are_refused) {
    const ServerProcess server = served();
    LoadPlan plan = plan_of(server, {});
    EXPECT_NE(refusal(ExitCode::usage, [&] { LoadClient{plan}; }), "");
    plan = plan_of(server, {{Operation::get_hit, 0}});
    EXPECT_NE(refusal(ExitCode::usage, [&] { LoadClient{plan}; }).find("weight"), std::string::npos);
    plan = plan_of(server, {{Operation::get_hit, 1}});
    plan.connections = 0;
    EXPECT_NE(refusal(ExitCode::usage, [&] { LoadClient{plan}; }).find("connections"), std::string::npos);
    plan.connections = 999'999;
    EXPECT_NE(refusal(ExitCode::cannot_measure, [&] { LoadClient{plan}; }).find("ulimit -Hn"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(by, Operations, both_client_ios(), name_of_client_io);

}  // namespace
}  // namespace tare
