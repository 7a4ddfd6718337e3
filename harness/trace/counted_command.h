// SPDX-License-Identifier: Apache-2.0
// One run of a command with everything about it counted, from the return of its exec to the end of its last process: by BPF, or
// where that is refused by a tracer and a preloaded library (followed_command.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "harness/process/child.h"
#include "harness/trace/instruments.h"
#include "probes/counters/user_counter.h"
#include "probes/symbols/call_site.h"

namespace tare {

// By whom a command is counted.
enum class CountedBy : std::uint8_t {
    best,          // BPF, and without privilege where it is refused
    bpf,           // or not at all
    unprivileged,  // a tracer and a preloaded library
};

struct CommandOptions {
    int output = 1;                 // descriptor that becomes the command's standard output
    Child::Preparation enter = {};  // what else the child does before it executes; nothing where this is empty
    bool per_thread = false;        // thread_syscalls as well
    // Call sites as well, in the same run; the functions that are none.
    std::optional<SiteRule> call_sites = std::nullopt;
    std::vector<UserCounter> counters = {};
    CountedBy by = CountedBy::best;
};

struct CountedCommand {
    Sources sources;  // of bpf alone, or of those that take its place beside what it would have counted, absent
    int status = 0;   // wait status of the command itself
    std::uint64_t process_count = 0;
    std::optional<SiteCounts> sites = std::nullopt;

    // Of each quantity the reading of the source that counted it; where none did, the reason nearest to it.
    Snapshot counts() const;
    Source source_of(const Quantity& quantity) const;
};

// Why CountedBy::best does without BPF; empty when it does not. Tried once.
std::string bpf_refusal();

// Empty when an interrupt came before it ran. Throws cannot_measure when nothing of it could be counted, and then does not run
// it; run_failed when it cannot be executed.
std::optional<CountedCommand> count_command(const std::vector<std::string>& arguments, const CommandOptions& options);

}  // namespace tare
