// SPDX-License-Identifier: Apache-2.0
// Monotonic time, and CPU time of the calling thread, in nanoseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

#include "core/check.h"

namespace tare {

inline std::uint64_t monotonic_ns() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

inline std::uint64_t thread_cpu_ns() {
    timespec used{};
    check(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0, "Linux without a thread's CPU clock");
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
}

}  // namespace tare
