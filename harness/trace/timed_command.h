// SPDX-License-Identifier: Apache-2.0
// One run of a command with nothing of it counted by a probe: what it took, as the kernel accounts for it.
#pragma once

#include <string>
#include <vector>

#include "core/snapshot.h"
#include "harness/process/command_setting.h"

namespace tare {

struct TimedCommand {
    Snapshot usage;                // the kernel's account: CPU time, page faults, peak memory, instructions and cycles
    std::uint64_t elapsed_ns = 0;  // from its exec to its end
    int status = 0;                // wait status
    std::string last_error;        // the last line of its standard error
};

// Runs it on all cores that this process could use when it began. Of the processes that it starts, those that it waits for are
// in its account; the peak memory is that of the command's own process. Throws cannot_measure when it cannot be executed,
// run_failed when an interrupt came: the command has been ended then.
TimedCommand time_command(const std::vector<std::string>& arguments, const CommandSetting& setting);

}  // namespace tare
