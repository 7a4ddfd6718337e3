// SPDX-License-Identifier: Apache-2.0
// Whether every thread of a server sleeps: the only moment at which its counters stand still, so that a window may open or
// close.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

class SleepWatch {
public:
    // Watches one process, with the threads that it has at the time. Throws run_failed when there is no such process.
    explicit SleepWatch(pid_t pid);
    // Watches `root` and those that `list` tells, which is asked again whenever `births` says another number. What `list` tells
    // may have ended.
    SleepWatch(pid_t root, std::function<std::set<pid_t>()> list, std::function<std::uint64_t()> births);

    // Whether every thread slept at one moment within this time. Throws run_failed when the process, or root, is gone.
    bool is_at_rest_within(std::chrono::milliseconds timeout) const;
    // Returns once every thread sleeps. Throws run_failed when the process, or root, is gone or `timeout` has passed.
    void wait(std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

private:
    struct Process {
        pid_t pid;
        std::size_t thread_count;  // as its first thread told when it was looked at
        std::vector<OwnedFd> stats;
    };

    Process look_at(pid_t pid) const;
    void look_again() const;
    bool all_asleep() const;
    // Nothing when its threads have changed, or when it ended, which only another than the root may.
    bool is_asleep(const Process& process, bool& has_changed) const;

    pid_t root_;
    std::function<std::set<pid_t>()> list_;
    std::function<std::uint64_t()> births_;
    mutable std::uint64_t known_births_ = 0;
    mutable std::vector<Process> processes_;
};

}  // namespace tare
