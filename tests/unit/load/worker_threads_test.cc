// SPDX-License-Identifier: Apache-2.0
// Work is done by each thread once a round, by the same thread every time.
#include "harness/load/worker_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <vector>

namespace tare {
namespace {

TEST(worker_threads, each_does_the_work_of_every_round_itself) {
    WorkerThreads workers(3);
    ASSERT_EQ(workers.count(), 3U);
    std::vector<std::thread::id> first(3);
    workers.run([&](std::size_t thread) { first[thread] = std::this_thread::get_id(); });
    EXPECT_NE(first[0], first[1]);
    EXPECT_NE(first[1], first[2]);
    EXPECT_NE(first[0], std::this_thread::get_id());
    std::atomic<int> same = 0;
    for (int round = 0; round < 100; ++round)
        workers.run([&](std::size_t thread) { same += first[thread] == std::this_thread::get_id() ? 1 : 0; });
    EXPECT_EQ(same, 300);
}

TEST(worker_threads, all_are_at_work_at_once) {
    WorkerThreads workers(4);
    std::latch all(4);
    workers.run([&](std::size_t) { all.arrive_and_wait(); });
    EXPECT_TRUE(all.try_wait());
}

TEST(worker_threads, they_end_without_work) { const WorkerThreads workers(2); }

}  // namespace
}  // namespace tare
