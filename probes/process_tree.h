// SPDX-License-Identifier: Apache-2.0
// The processes that a command becomes: its root from the exec on, every child from its fork on. Keeps, in the kernel, the map
// that the probes of the run share. Stopping and starting the processes is their tracer's business.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include "core/reading.h"

namespace tare {

class ProcessTree {
public:
    // `root` has not exec'ed yet: until then the tree is empty, and nothing is counted. A thread of the tree that maps a file
    // to run code from is stopped by SIGSTOP (si_code SI_KERNEL) as the call returns; the tracer must take that signal away.
    // Throws cannot_measure when the kernel refuses the programs.
    explicit ProcessTree(pid_t root);
    ~ProcessTree();
    ProcessTree(const ProcessTree&) = delete;
    ProcessTree& operator=(const ProcessTree&) = delete;

    // Descriptor of the map of processes, for BpfObject.
    int targets() const;

    std::uint64_t process_count() const;
    // What was not followed: processes without room in the map, threads that could not be stopped, runs that the kernel
    // skipped. Above 0 no count of the tree is whole.
    Reading losses() const;
    // Whether the root's uprobes were lost: the thread that they hang on ended before its process.
    bool root_was_replaced() const;

private:
    struct Programs;
    std::unique_ptr<Programs> programs_;
};

}  // namespace tare
