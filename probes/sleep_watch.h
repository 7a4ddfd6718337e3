// SPDX-License-Identifier: Apache-2.0
// Whether every thread of a process sleeps: the only moment at which its counters stand still, so that a window may
// open or close.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

class SleepWatch {
public:
    // Watches the threads that the process has now. Throws run_failed when there is no such process.
    explicit SleepWatch(pid_t pid);

    // Returns once every thread sleeps. Throws run_failed when the process is gone or `timeout` has passed.
    void wait(std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

private:
    bool all_asleep() const;

    std::string process_;
    std::vector<OwnedFd> stats_;
};

}  // namespace tare
