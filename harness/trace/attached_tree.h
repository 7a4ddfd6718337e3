// SPDX-License-Identifier: Apache-2.0
// The probes of BPF on processes that run already, and on all that come of them. Nothing is stopped: what code comes to a
// process is looked at soon after, and where calls of it may have been missed the readings are absent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/measured.h"
#include "harness/trace/coverage.h"
#include "probes/attach/process_tree.h"
#include "probes/counters/call_sites.h"
#include "probes/counters/probe.h"

namespace tare {

struct AttachOptions {
    bool per_thread = false;                            // thread_syscalls as well; its parts are thread ids
    bool forks = false;                                 // functions of children that a lone process makes are counted as well
    bool functions = true;                              // allocations and copies
    std::optional<SiteRule> call_sites = std::nullopt;  // counts by call site as well, when told to (begin_call_sites)
};

class AttachedTree {
public:
    using Counts = std::vector<Snapshot>;  // by probe

    // Throws cannot_measure when nothing of them can be counted.
    AttachedTree(const std::vector<pid_t>& roots, const AttachOptions& options);

    // Looks at the files that processes began to run code from; the sooner, the fewer of these are gone.
    void look();

    Counts read();
    // Between two reads: absent with the reason what may not be whole.
    Snapshot window_between(const Counts& open, const Counts& close);

    // By call site everything from begin_call_sites() to this, which takes all probes away: it comes after the last window. None
    // where they were not asked for. A kind that may not be whole is absent with the reason.
    void begin_call_sites();
    std::optional<SiteCounts> call_sites();

    // All that were ever in the tree.
    std::uint64_t process_count() const { return tree_.process_count(); }

private:
    struct Attached {
        const ProbeInfo* info;
        std::unique_ptr<Probe> probe;
        std::optional<std::size_t> covered;  // its place among the probes of functions
    };
    void attach(const ProbeInfo& info, const Target& target, std::vector<Coverage::Covered>& functions);
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
