// SPDX-License-Identifier: Apache-2.0
// What a probe is aimed at: one running process, or a tree of processes that grows and shrinks.
#pragma once

#include <sys/types.h>

namespace tare {

class ProcessTree;

struct Target {
    Target(pid_t process) : pid(process) {}  // NOLINT(google-explicit-constructor): a process is a target
    Target(pid_t root, const ProcessTree& processes) : pid(root), tree(&processes), counts_sizes(true) {}

    pid_t pid;                          // the process, or the root of the tree
    const ProcessTree* tree = nullptr;  // must outlive the probe
    bool root_runs = false;             // the root of the tree is in it from the begin
    bool counts_threads = false;        // system calls of each thread as well
    bool counts_processes = false;      // of a tree, system calls of each process as well
    bool counts_sizes = false;          // allocations and copies by their size as well
    bool threads_by_id = false;         // whose parts are thread ids, and not the order and name, which may change in a window
};

}  // namespace tare
