// SPDX-License-Identifier: Apache-2.0
// Counts allocations, copies and system calls by the stack that each came from. A probe set of its own, attached only when asked
// for: it costs more than counting, and the probes of the catalogue stay what they are. Aggregated in the kernel; unwinding and
// naming wait until the counts are read.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "probes/attach/uprobes.h"
#include "probes/counters/function_probe.h"
#include "probes/counters/user_counter.h"
#include "probes/symbols/call_site.h"

namespace tare {

// Of different stacks that a kind tells apart as a whole, each with a copy of 8.5 KiB in the kernel; four times as many more by
// their innermost KiB. Calls of a kind that find no room for one more have no site.
inline constexpr std::uint32_t default_stacks_max = 4096;

class CallSites {
public:
    // Attaches to a running process, or to a tree and there to the functions in each file that they are shown (allocations(),
    // copies()). Nothing is counted before begin(). Throws cannot_measure when the kernel refuses the programs; a family that
    // cannot be attached to a process is absent by itself.
    // `counters` are a user's, whose functions are counted by call site as well.
    explicit CallSites(const Target& target, std::uint32_t stacks_max = default_stacks_max, UprobeWay way = best_uprobe_way(),
                       std::vector<UserCounter> counters = {});
    ~CallSites();
    CallSites(const CallSites&) = delete;
    CallSites& operator=(const CallSites&) = delete;

    // The families as probes that Coverage shows files to. Each also takes note of where the process has its code. The last are
    // the functions of the user's counters.
    FunctionProbe& allocations();
    FunctionProbe& copies();
    FunctionProbe& functions();

    void begin();
    // Takes the probes away, and returns everything since begin(). `rule` is for site_of.
    SiteCounts read(const SiteRule& rule);

private:
    struct State;
    class Family;
    std::unique_ptr<State> state_;
};

}  // namespace tare
