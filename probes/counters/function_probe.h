// SPDX-License-Identifier: Apache-2.0
// A probe of functions in user space: it counts their calls in the files that it was shown. A running process shows all of
// its files at once; the files of a tree come as its processes map them.
#pragma once

#include "probes/attach/uprobes.h"
#include "probes/counters/probe.h"
#include "probes/symbols/code_file.h"

namespace tare {

class FunctionProbe : public Probe {
public:
    FunctionProbe* functions() override { return this; }

    // Counts the functions of `file`, which process `pid` maps, from now on. Returns whether it defines them. Throws
    // cannot_measure when they are called there, or may be, and where cannot be known: from then on no count is whole.
    virtual bool cover(pid_t pid, const CodeFile& file, Reach reach) = 0;
};

// Covers every file of a running process; returns whether some define the functions.
bool cover_all_files(FunctionProbe& probe, pid_t pid);

// The same. Throws cannot_measure when none defines `function`, the probe's first.
void cover_process(FunctionProbe& probe, pid_t pid, std::string_view function);

// The sizes of calls by power of two, as counted in function.bpf.h: parts `0`, `1`, `2..3`, `4..7` and so on, in bytes.
void add_sizes(Snapshot& snapshot, const char* metric, std::span<const unsigned long long> buckets);

}  // namespace tare
