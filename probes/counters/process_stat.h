// SPDX-License-Identifier: Apache-2.0
// What the kernel keeps of a process in /proc/PID (proc(5)): sums over its threads, ended ones included, and its peak memory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "core/measured.h"

namespace tare {

struct ProcessStat {
    std::uint64_t minor_faults = 0;  // page faults that needed no reading from a disk
    std::uint64_t major_faults = 0;
    std::uint64_t user_ticks = 0;  // of 1/sysconf(_SC_CLK_TCK) s
    std::uint64_t system_ticks = 0;
};

// Nothing when it cannot be read, of a process that is gone for instance.
std::optional<ProcessStat> process_stat(pid_t pid);

// The most memory that was resident at once since its last exec (VmHWM of /proc/PID/status). That of rusage begins with what the
// process had that forked it.
Measured<std::uint64_t> peak_memory_bytes(pid_t pid);

}  // namespace tare
