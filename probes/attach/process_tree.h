// SPDX-License-Identifier: Apache-2.0
// The processes that a command becomes: its root from the exec on, every child from its fork on; or processes that run already,
// with all that come of them. Keeps, in the kernel, the map that the probes of the run share. Stopping and starting the
// processes of a command is their tracer's business; those that run already are never stopped.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/measured.h"
#include "probes/bpf/shared/process_tree.h"

namespace tare {

// A file that a process of a running tree began to run code from; or, once for each process, all that it had when the tree was
// made.
struct NewCode {
    enum class Kind : std::uint8_t { mapped = code_mapped, executed = code_executed, found = code_found };
    pid_t pid;
    Kind kind;
    std::uint64_t inode;  // 0 where it cannot be told, and when found
    std::string name;     // the last part of its path, cut below code_name_bytes
};

inline constexpr std::size_t running_roots_max = roots_max;

class ProcessTree {
public:
    // `root` has not exec'ed yet: until then the tree is empty, and nothing is counted. A thread that the root's tracer traces
    // and that makes memory of a file executable is stopped by SIGSTOP (si_code SI_KERNEL) as the call returns; the tracer must
    // take that signal away. When another thread of the root than the first calls exec, links of Reach::others count it from then
    // on. Throws cannot_measure when the kernel refuses the programs.
    explicit ProcessTree(pid_t root);
    // What is kept of a tree that runs already, beside its processes.
    enum class Keeps : std::uint8_t {
        nothing,
        code,  // notes of files that are mapped later, which costs each system call a little
        time,  // of processes that end
    };
    // `roots`, at most running_roots_max, and all their descendants run already; nothing is stopped. Throws likewise.
    ProcessTree(std::span<const pid_t> roots, Keeps keeps);
    ~ProcessTree();
    ProcessTree(const ProcessTree&) = delete;
    ProcessTree& operator=(const ProcessTree&) = delete;

    // Descriptor of the map of processes, for BpfObject.
    int targets() const;

    // Those that have not ended, as the initial namespace numbers them.
    std::set<std::uint32_t> process_ids() const;
    // Of a running tree that was told to keep times: processes that have ended and are not gone yet, and what those that are gone
    // used of the cores, in ns.
    std::set<std::uint32_t> ended_ids() const;
    std::uint64_t gone_ns() const;
    std::uint64_t gone_count() const;
    // Whether the time of one that goes is just being added.
    bool is_adding_times() const;

    // All that were ever in the tree.
    std::uint64_t process_count() const;
    // Those that have not ended.
    std::uint64_t live_count() const;
    // Asks each of them to end; does nothing in a pid namespace, where their ids are other ones.
    void terminate() const;
    // Why code of the tree was run that nobody could look at before, so that no count of functions is whole; empty when none was.
    std::string unseen_code() const;
    // What was not followed: processes without room in the map, threads that could not be stopped, runs that the kernel
    // skipped. Above 0 no count of the tree is whole.
    Measured<std::uint64_t> losses() const;
    // Whether the root's uprobes were lost: the thread that they hang on ended before its process, on a kernel where they go
    // with it (uprobes_outlive_first_thread()), or another one of a running root called exec.
    bool root_was_replaced() const;

    // Of a running tree with one process: from now on links of Reach::root count it.
    void make_lone_root();
    // Of a running tree: what was noted since the last call.
    std::vector<NewCode> take_new_code();

private:
    struct Programs;
    std::unique_ptr<Programs> programs_;
};

}  // namespace tare
