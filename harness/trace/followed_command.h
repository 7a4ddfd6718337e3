// SPDX-License-Identifier: Apache-2.0
// Counts a command without BPF: a tracer stops it at its system calls, and a preloaded library counts what it calls of the
// C library. Both need no privilege but to trace a child of one's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/trace/counted_command.h"

namespace tare {

// As count_command(); `bpf_refusal` is the reason of what only BPF can count.
std::optional<CountedCommand> follow_command(const std::vector<std::string>& arguments, const CommandOptions& options,
                                             const std::string& bpf_refusal);

}  // namespace tare
