// SPDX-License-Identifier: Apache-2.0
// One run of a command with everything about it counted, from the return of its exec to the end of its last process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/measured.h"
#include "probes/symbols/call_site.h"

namespace tare {

struct CommandOptions {
    int output = 1;           // descriptor that becomes the command's standard output
    bool per_thread = false;  // thread_syscalls as well
    // Call sites as well, in the same run; the functions that are none.
    std::optional<SiteRule> call_sites = std::nullopt;
};

struct CountedCommand {
    Snapshot counts;  // of the source bpf
    int status = 0;   // wait status of the command itself
    std::uint64_t process_count = 0;
    std::optional<SiteCounts> sites = std::nullopt;
};

// Empty when an interrupt came before it ran. Throws cannot_measure when nothing of it could be counted, and then does not run
// it; run_failed when it cannot be executed.
std::optional<CountedCommand> count_command(const std::vector<std::string>& arguments, const CommandOptions& options);

}  // namespace tare
