// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/attached_tree.h"

#include <fmt/format.h>

#include "core/error.h"
#include "harness/process/running_process.h"
#include "harness/trace/instruments.h"
#include "probes/catalogue.h"

namespace tare {

AttachedTree::AttachedTree(const std::vector<pid_t>& roots, const AttachOptions& options)
    : tree_(roots, options.probes_functions() ? ProcessTree::Keeps::code : ProcessTree::Keeps::nothing),
      alone_(!options.forks && tree_.process_count() == 1 && !running_process(roots.front()).first_thread_ended),
      site_rule_(options.call_sites) {
    if (alone_) tree_.make_lone_root();  // the uprobes of one process hang on its first thread
    Target target(roots.front(), tree_);
    target.root_runs = true;
    const bool is_one = tree_.process_count() == 1;
    target.counts_threads = options.per_thread || (options.per_process && is_one);
    target.counts_processes = options.per_process && !is_one;
    target.threads_by_id = options.per_thread;
    target.counts_sizes = options.sizes;
    std::vector<Coverage::Covered> functions;
    for (const ProbeInfo& info : probe_catalogue()) {
        const bool wanted = options.functions || info.kind == ProbeKind::counter;
        if (info.source == Source::bpf && wanted)
            add(attach_or_absent(info, target), {nullptr, info.name == "copies" ? "memcpy" : "malloc"}, functions);
    }
    for (const UserCounter& counter : options.counters)
        add(attach_or_absent(counter, target), {nullptr, "those of " + counter.name, false}, functions);
    if (site_rule_) {
        call_sites_ = std::make_unique<CallSites>(target, default_stacks_max, best_uprobe_way(), options.counters);
        first_family_ = functions.size();
        functions.push_back({&call_sites_->allocations(), "malloc"});
        functions.push_back({&call_sites_->copies(), "memcpy"});
        functions.push_back({&call_sites_->functions(), "those of the counters", false});
    }
    coverage_.emplace(alone_ ? roots.front() : 0, std::move(functions));
    look();  // at all that they have
    look();  // at what came meanwhile: it is covered before anything counts
    coverage_->freeze();
}

void AttachedTree::add(std::unique_ptr<Probe> probe, Coverage::Covered covered, std::vector<Coverage::Covered>& functions) {
    Attached attached{std::move(probe), {}};
    covered.probe = attached.probe->functions();
    if (covered.probe != nullptr) {
        attached.covered = functions.size();
        functions.push_back(std::move(covered));
    }
    probes_.push_back(std::move(attached));
}

void AttachedTree::look() {
    for (const NewCode& code : tree_.take_new_code()) {
        const bool executed = code.kind == NewCode::Kind::executed;
        if (!has_ended(code.pid)) {
            if (executed)
                coverage_->executed(code.pid);
            else
                coverage_->mapped(code.pid);
        }
        const bool is_nothing_new = code.kind == NewCode::Kind::found || code.name.starts_with("ld-linux");
        if (is_nothing_new || coverage_->has_looked_at(code.inode, code.name)) continue;
        coverage_->mark_incomplete(
            fmt::format("process {} {} {} and let go of it before it could be looked at; what it called there is not "
                        "seen; attach again, to a process that has it loaded",
                        code.pid, executed ? "executed" : "mapped", code.name.empty() ? "a file" : code.name));
    }
}

AttachedTree::Counts AttachedTree::read() {
    Counts counts;
    counts.reserve(probes_.size());
    for (const Attached& attached : probes_) counts.push_back(attached.probe->read());
    return counts;
}

Measured<std::uint64_t> AttachedTree::lost_events() const {
    Measured<std::uint64_t> sum = tree_.losses();
    for (const Attached& attached : probes_) {
        const Measured<std::uint64_t> lost = attached.probe->lost_events();
        if (lost.present()) sum = sum + lost;  // a probe that is not attached loses nothing: its own readings are absent
    }
    return sum;
}

Snapshot AttachedTree::window_between(const Counts& open, const Counts& close) {
    look();
    coverage_->require_functions();
    Snapshot window;
    for (std::size_t index = 0; index < probes_.size(); ++index) {
        const Snapshot change = close[index].minus(open[index]);
        const std::string fault = fault_of(probes_[index]);
        window.merge(fault.empty() ? Snapshot(change) : change.without_readings(fault));
    }
    return window;
}

void AttachedTree::begin_call_sites() {
    if (call_sites_) call_sites_->begin();
}

std::optional<SiteCounts> AttachedTree::call_sites() {
    if (!call_sites_) return std::nullopt;
    look();
    probes_.clear();  // what they probe, tare calls as well when it unwinds and names stacks
    SiteCounts sites = call_sites_->read(*site_rule_);
    for (std::size_t kind = 0; kind < sites.kind_count(); ++kind) {
        const auto site_kind = static_cast<SiteKind>(kind);
        const std::size_t family = first_family_ + (site_kind == SiteKind::function ? 2 : kind);
        const std::string fault = !loss().empty() ? loss() : site_kind == SiteKind::system_call ? "" : function_fault(family);
        if (!fault.empty()) sites.totals[kind] = Absent{fault};
    }
    std::erase_if(sites.sites,
                  [&](const CallSite& site) { return !sites.totals[static_cast<std::size_t>(site.kind)].present(); });
    return sites;
}

std::string AttachedTree::loss() const {
    const Measured<std::uint64_t> losses = tree_.losses();
    if (!losses.present()) return losses.reason();
    return losses.value() > 0 ? fmt::format("{} events were lost", losses.value()) : "";
}

std::string AttachedTree::fault_of(const Attached& attached) const {
    if (std::string lost = loss(); !lost.empty()) return lost;
    const Measured<std::uint64_t> lost = attached.probe->lost_events();
    if (!lost.present()) return lost.reason();
    if (lost.value() > 0) return fmt::format("{} events were lost", lost.value());
    return attached.covered ? function_fault(*attached.covered) : "";
}

// Why the calls of functions are not whole; `covered` is the place of their probe among those of functions.
std::string AttachedTree::function_fault(std::size_t covered) const {
    if (std::string unseen = tree_.unseen_code(); !unseen.empty()) return unseen;
    if (alone_ && tree_.process_count() > 1)
        return "it made a child while it was counted, whose calls are not seen; --forks counts them, by probes in every process "
               "that runs the same files";
    if (tree_.root_was_replaced()) return "its first thread ended before the others, and took the probes with it; use --forks";
    return coverage_->gap(covered).value_or("");
}

}  // namespace tare
