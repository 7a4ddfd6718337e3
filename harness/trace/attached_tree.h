// SPDX-License-Identifier: Apache-2.0
// The probes of BPF on processes that run already, and on all that come of them. Nothing is stopped: what code comes to a
// process is looked at soon after, and where calls of it may have been missed the readings are absent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "harness/trace/coverage.h"
#include "probes/attach/process_tree.h"
#include "probes/counters/call_sites.h"
#include "probes/counters/probe.h"
#include "probes/counters/user_counter.h"

namespace tare {

struct AttachOptions {
    bool per_thread = false;                            // thread_syscalls as well; its parts are thread ids
    bool per_process = false;                           // thread_syscalls by process; of a lone one by thread, by place and name
    bool sizes = true;                                  // allocations and copies by their size as well
    bool forks = false;                                 // functions of children that a lone process makes are counted as well
    bool functions = true;                              // allocations and copies
    std::optional<SiteRule> call_sites = std::nullopt;  // counts by call site as well, when told to (begin_call_sites)
    std::vector<UserCounter> counters = {};

    bool probes_functions() const { return functions || !counters.empty() || call_sites; }
};

class AttachedTree {
public:
    using Counts = std::vector<Snapshot>;  // by probe

    // Throws cannot_measure when nothing of them can be counted.
    AttachedTree(const std::vector<pid_t>& roots, const AttachOptions& options);

    // Looks at the files that processes began to run code from; the sooner, the fewer of these are gone.
    void look();

    Counts read();
    // Everything that kept an event from being counted; above 0 the counts are absent.
    Measured<std::uint64_t> lost_events() const;
    // Between two reads: absent with the reason what may not be whole.
    Snapshot window_between(const Counts& open, const Counts& close);

    // By call site everything from begin_call_sites() to this, which takes all probes away: it comes after the last window. None
    // where they were not asked for. A kind that may not be whole is absent with the reason.
    void begin_call_sites();
    std::optional<SiteCounts> call_sites();

    // All that were ever in the tree.
    std::uint64_t process_count() const { return tree_.process_count(); }
    const ProcessTree& processes() const { return tree_; }
    // Whether functions are counted in one process only.
    bool is_alone() const { return alone_; }

private:
    struct Attached {
        std::unique_ptr<Probe> probe;
        std::optional<std::size_t> covered;  // its place among the probes of functions
    };
    void add(std::unique_ptr<Probe> probe, Coverage::Covered covered, std::vector<Coverage::Covered>& functions);
    std::string fault_of(const Attached& attached) const;
    std::string loss() const;
    std::string function_fault(std::size_t covered) const;

    ProcessTree tree_;
    bool alone_;  // one process, whose uprobes reach no other
    std::vector<Attached> probes_;
    std::optional<SiteRule> site_rule_;
    std::unique_ptr<CallSites> call_sites_;
    std::size_t first_family_ = 0;  // of the call sites' two, among the probes of functions
    std::optional<Coverage> coverage_;
};

}  // namespace tare
