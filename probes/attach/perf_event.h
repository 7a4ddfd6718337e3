// SPDX-License-Identifier: Apache-2.0
// A hardware counter of the processor by the kernel's perf_event_open(2), for a process with all threads that it has and makes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/measured.h"
#include "core/owned_fd.h"

namespace tare {

enum class HardwareEvent : std::uint8_t { instructions, cycles };

class PerfEvent {
public:
    // `at_exec`: it counts from the process's next exec on, and its children as well. Throws cannot_measure when the machine, the
    // kernel or its settings do not allow it.
    PerfEvent(HardwareEvent event, pid_t pid, bool at_exec);

    // Since then, in user mode and in the kernel where that is allowed. Absent when the processor had fewer counters than were
    // asked for, so that it counted a part of the time.
    Measured<std::uint64_t> read() const;
    // Whether the kernel's part is left out, as a setting (perf_event_paranoid) may demand.
    bool is_user_only() const { return user_only_; }

private:
    std::vector<OwnedFd> threads_;
    bool user_only_ = false;
};

}  // namespace tare
