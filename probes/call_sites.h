// SPDX-License-Identifier: Apache-2.0
// Counts allocations, copies and system calls by the stack that each came from. A probe set of its own, attached only when asked
// for: it costs more than counting, and the probes of the catalogue stay what they are. Aggregated in the kernel; unwinding and
// naming wait until the counts are read.
#pragma once

#include <cstdint>
#include <memory>

#include "probes/call_site.h"
#include "probes/function_probe.h"
#include "probes/uprobes.h"

namespace tare {

// Of different stacks in one run, each with a copy of 8.5 KiB in the kernel. A kind that finds no room for one more is absent.
inline constexpr std::uint32_t default_stacks_max = 16384;

class CallSites {
public:
    // Attaches to a running process. Of a tree it counts system calls at once, and the functions in each file that they are shown
    // (allocations(), copies()). Throws cannot_measure when the kernel refuses the programs; a family that cannot be attached
    // to a process is absent by itself.
    explicit CallSites(const Target& target, std::uint32_t stacks_max = default_stacks_max, UprobeWay way = best_uprobe_way());
    ~CallSites();
    CallSites(const CallSites&) = delete;
    CallSites& operator=(const CallSites&) = delete;

    // The two families as probes that Coverage shows files to. Each also takes note of where the process has its code.
    FunctionProbe& allocations();
    FunctionProbe& copies();

    // Takes the probes away, and returns everything from when they were attached. `passing` is for site_of.
    SiteCounts read(const PassingFunctions& passing);

private:
    struct State;
    class Family;
    std::unique_ptr<State> state_;
};

}  // namespace tare
