// SPDX-License-Identifier: Apache-2.0
// The CPU time of a process against what a thread of it is known to have used.
#include "probes/counters/cpu_time.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>
#include <thread>

#include "core/error.h"

namespace tare {
namespace {

std::uint64_t own_ns(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

void burn(std::uint64_t duration_ns) {
    const std::uint64_t start_ns = own_ns(CLOCK_THREAD_CPUTIME_ID);
    while (own_ns(CLOCK_THREAD_CPUTIME_ID) - start_ns < duration_ns) {
    }
}

TEST(CpuTime, counts_every_thread_also_one_that_ended) {
    const auto probe = attach_cpu_time(::getpid());
    const Snapshot open = probe->read();
    constexpr std::uint64_t burnt_ns = 60'000'000;
    std::thread(burn, burnt_ns).join();
    burn(burnt_ns);
    const Snapshot window = probe->read().minus(open);
    const std::uint64_t used_ns = window.reading({"cpu_ns", ""}).value();
    EXPECT_GE(used_ns, 2 * burnt_ns);
    EXPECT_LE(used_ns, 2 * burnt_ns + 20'000'000);
    // The division is sampled by ticks of at most 10 ms.
    const std::uint64_t divided_ns = window.reading({"cpu_user_ns", ""}).value() + window.reading({"cpu_system_ns", ""}).value();
    EXPECT_NEAR(static_cast<double>(divided_ns), static_cast<double>(used_ns), 30e6);
    EXPECT_TRUE(window.reading({"run_delay_ns", ""}).present());
}

TEST(CpuTime, a_process_that_is_not_there_cannot_be_measured) { EXPECT_THROW(attach_cpu_time(0x7ffffffe), Error); }

}  // namespace
}  // namespace tare
