// SPDX-License-Identifier: Apache-2.0
// An open loop keeps its own time: a server that stalls shows in the latencies of all that were due meanwhile, a rate above
// capacity is reported, and a closed loop hides both.
#include <gtest/gtest.h>

#include <csignal>

#include <thread>

#include "harness/load/load_client.h"
#include "harness/process/cpu_affinity.h"
#include "tests/system/load/each_client_io.h"
#include "tests/system/load/served.h"

namespace tare {
namespace {

class OpenLoop : public EachClientIo {
protected:
    static LoadPlan plan_of(const ServerProcess& server) {
        LoadPlan plan;
        plan.server = server.port();
        plan.connections = 4;
        plan.client_io = GetParam();
        return plan;
    }
};

LoadWindow window_of(double seconds, double rate_per_s, Arrivals arrivals = Arrivals::poisson) {
    LoadWindow window;
    window.duration_ns = static_cast<std::uint64_t>(seconds * 1e9);
    if (rate_per_s > 0) window.open_loop = LoadWindow::OpenLoop{rate_per_s, arrivals};
    return window;
}

// Runs the window while the server stands still for 100 ms in its middle.
LoadResult run_with_stall(LoadClient& client, const ServerProcess& server, const LoadWindow& window) {
    const std::jthread stall([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        ::kill(server.pid(), SIGSTOP);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ::kill(server.pid(), SIGCONT);
    });
    return client.run(window);
}

double mean_ns(const Histogram& histogram) {
    return static_cast<double>(histogram.sum()) / static_cast<double>(histogram.count());
}

TEST_P(OpenLoop, the_rate_is_kept) {
    const ServerProcess server = served();
    LoadClient client(plan_of(server));
    client.prepare();
    for (const Arrivals arrivals : {Arrivals::constant, Arrivals::poisson}) {
        const LoadResult result = client.run(window_of(1, 2000, arrivals));
        EXPECT_EQ(result.overdue_requests, 0U);
        EXPECT_EQ(result.requests_sent, 2000U);
        EXPECT_GE(result.elapsed_ns, 1'000'000'000U);  // the whole window, whenever its last request was due
        EXPECT_LT(result.elapsed_ns, 1'100'000'000U);
        EXPECT_EQ(result.late_ns.count(), result.requests_sent);
        EXPECT_LT(result.late_ns.percentile(50), 2'000'000U);
    }
}

TEST_P(OpenLoop, few_requests_in_a_short_window_have_the_rate_they_were_given) {
    const ServerProcess server = served();
    LoadPlan plan = plan_of(server);
    for (const std::vector<int>& cpus : {std::vector<int>{}, allowed_cores()}) {
        plan.cpus = cpus;
        LoadClient client(plan);
        client.prepare();
        const LoadResult result = client.run(window_of(0.5, 10, Arrivals::constant));
        EXPECT_EQ(result.requests_sent, 5U);
        EXPECT_NEAR(static_cast<double>(result.elapsed_ns), 5e8, 1e8);
    }
}

TEST_P(OpenLoop, a_number_of_requests_ends_it) {
    const ServerProcess server = served();
    LoadClient client(plan_of(server));
    client.prepare();
    LoadWindow window = window_of(0, 5000);
    window.requests = 1000;
    const LoadResult result = client.run(window);
    EXPECT_EQ(result.requests_sent + result.overdue_requests, 1000U);
    EXPECT_EQ(result.replies_received, result.requests_sent);
}

TEST_P(OpenLoop, a_stall_of_the_server_shows_in_p99_and_a_closed_loop_hides_it_in_the_mean) {
    const ServerProcess server = served();
    LoadClient client(plan_of(server));
    client.prepare();
    const LoadResult open = run_with_stall(client, server, window_of(1, 2000, Arrivals::constant));
    // A tenth of all requests were due in the stall; a fiftieth waited for 80 ms or more.
    EXPECT_GT(open.latency_ns.percentile(99), 80'000'000U);
    EXPECT_GT(open.latency_ns.percentile(95), 40'000'000U);
    EXPECT_EQ(open.overdue_requests, 0U);  // it caught up
    const LoadResult closed = run_with_stall(client, server, window_of(1, 0));
    EXPECT_GT(closed.latency_ns.max(), 90'000'000U);
    EXPECT_LT(mean_ns(closed.latency_ns), mean_ns(open.latency_ns) / 5);
    EXPECT_LT(closed.latency_ns.percentile(99), 20'000'000U);
}

TEST_P(OpenLoop, a_rate_above_capacity_ends_in_time_and_is_reported) {
    const ServerProcess server = served();
    LoadClient client(plan_of(server));
    client.prepare();
    for (const Arrivals arrivals : {Arrivals::constant, Arrivals::poisson}) {
        const LoadResult result = client.run(window_of(0.3, 50'000'000, arrivals));
        EXPECT_LT(result.elapsed_ns, 1'000'000'000U);
        EXPECT_GT(result.overdue_requests, 0U);
        EXPECT_EQ(result.requests_sent + result.overdue_requests, 15'000'000U);
        EXPECT_EQ(result.replies_received, result.requests_sent);
        EXPECT_GT(result.late_ns.percentile(99), 100'000'000U);
    }
    LoadWindow counted = window_of(0, 50'000'000);
    counted.requests = 1'000'000;
    EXPECT_GT(client.run(counted).overdue_requests, 0U);
}

TEST_P(OpenLoop, a_wish_to_stop_ends_the_window) {
    const ServerProcess server = served();
    LoadClient client(plan_of(server));
    client.prepare();
    const std::jthread stop([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        client.stop();
    });
    const LoadResult result = client.run(window_of(20, 1000));
    EXPECT_LT(result.elapsed_ns, 2'000'000'000U);
    EXPECT_EQ(result.replies_received, result.requests_sent);
}

INSTANTIATE_TEST_SUITE_P(by, OpenLoop, both_client_ios(), name_of_client_io);

}  // namespace
}  // namespace tare
