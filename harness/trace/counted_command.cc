// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/counted_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "core/error.h"
#include "harness/process/descriptor_limit.h"
#include "harness/process/interrupt.h"
#include "harness/trace/coverage.h"
#include "harness/trace/followed_command.h"
#include "harness/trace/site_rows.h"
#include "probes/attach/kernel_support.h"
#include "probes/attach/process_tree.h"
#include "probes/catalogue.h"
#include "probes/counters/call_sites.h"

namespace tare {
namespace {

struct Attached {
    std::unique_ptr<Probe> probe;
    std::optional<std::size_t> covered;  // its place among the probes of functions
};

// Why no count of any probe is whole; empty when they are.
std::string loss_of(const ProcessTree& tree) {
    const Measured<std::uint64_t> losses = tree.losses();
    if (!losses.present()) return losses.reason();
    if (losses.value() > 0) return fmt::format("{} processes or events of the tree were lost", losses.value());
    return tree.process_count() == 0 ? "the command was not seen to start" : "";
}

// Why the counts of one probe are not whole; empty when they are.
std::string fault_of(const Attached& attached, const Coverage& coverage, const ProcessTree& tree) {
    const Measured<std::uint64_t> lost = attached.probe->lost_events();
    if (!lost.present()) return lost.reason();
    if (lost.value() > 0) return fmt::format("{} events were lost", lost.value());
    if (!attached.covered) return "";
    if (std::string unseen = tree.unseen_code(); !unseen.empty()) return unseen;
    if (tree.root_was_replaced())
        return "the command's first thread ended before the others, and took the probes with it; Linux 6.12 keeps them";
    return coverage.gap(*attached.covered).value_or("");
}

// The call sites where they are whole: each kind must add up to what its own probe counted in this run.
SiteCounts whole_sites(CallSites& call_sites, const SiteRule& rule, const std::string& loss,
                       const std::array<std::string, site_kind_count>& gaps, const Snapshot& counts) {
    SiteCounts sites = call_sites.read(rule);
    for (std::size_t kind = 0; kind < sites.kind_count(); ++kind) {
        if (!gaps[kind].empty()) sites.totals[kind] = Absent{gaps[kind]};
        if (!loss.empty()) sites.totals[kind] = Absent{loss};
    }
    reconcile_with(sites, counts);
    return sites;
}

// A child that nobody may trace can outlive all that are traced.
void await_untraced(const ProcessTree& tree) {
    constexpr std::chrono::milliseconds pause(5);
    bool was_asked = false;
    while (tree.live_count() > 0) {
        if (interrupted() && !std::exchange(was_asked, true)) tree.terminate();
        std::this_thread::sleep_for(pause);
    }
}

std::optional<CountedCommand> count_by_bpf(const std::vector<std::string>& arguments, const CommandOptions& options) {
    TracedCommand command(arguments, options.output, options.enter);  // which keeps its own limit
    const SoftDescriptorLimit all_descriptors(SoftDescriptorLimit::highest);
    const ProcessTree tree(command.pid());
    Target target(command.pid(), tree);
    target.counts_threads = options.per_thread;
    std::vector<Attached> probes;
    std::vector<Coverage::Covered> functions;
    const auto add = [&](std::unique_ptr<Probe> probe, const std::string& function, bool is_in_each) {
        Attached attached{std::move(probe), {}};
        if (FunctionProbe* const of_functions = attached.probe->functions()) {
            attached.covered = functions.size();
            functions.push_back({of_functions, function, is_in_each});
        }
        probes.push_back(std::move(attached));
    };
    for (const ProbeInfo& info : probe_catalogue()) {
        if (info.source == Source::bpf) add(attach_or_absent(info, target), info.name == "copies" ? "memcpy" : "malloc", true);
    }
    for (const UserCounter& counter : options.counters) add(attach_or_absent(counter, target), "those of " + counter.name, false);
    std::unique_ptr<CallSites> call_sites;
    const std::size_t first_family = functions.size();
    if (options.call_sites) {
        call_sites = std::make_unique<CallSites>(target, default_stacks_max, best_uprobe_way(), options.counters);
        call_sites->begin();
        functions.push_back({&call_sites->allocations(), "malloc"});
        functions.push_back({&call_sites->copies(), "memcpy"});
        functions.push_back({&call_sites->functions(), "those of the counters", false});
    }
    Coverage coverage(command.pid(), std::move(functions));
    if (interrupted()) return std::nullopt;
    CountedCommand counted;
    counted.status = command.run(coverage);
    await_untraced(tree);
    counted.process_count = tree.process_count();
    Snapshot& seen = counted.sources[Source::bpf];
    const std::string loss = loss_of(tree);
    for (const Attached& attached : probes) {
        const std::string fault = loss.empty() ? fault_of(attached, coverage, tree) : loss;
        const Snapshot counts = attached.probe->read();
        seen.merge(fault.empty() ? Snapshot(counts) : counts.without_readings(fault));
    }
    // What they probe, tare calls as well when it unwinds and names stacks, many times more often than a command does.
    probes.clear();
    if (call_sites) {
        const auto gap = [&](std::size_t family) { return coverage.gap(first_family + family).value_or(""); };
        const std::array<std::string, site_kind_count> gaps{gap(0), gap(1), "", gap(2)};
        counted.sites = whole_sites(*call_sites, *options.call_sites, loss, gaps, seen);
    }
    return counted;
}

// The sources by which of them is asked first.
constexpr std::array by_nearness{Source::ptrace, Source::preload, Source::fdinfo, Source::bpf};

}  // namespace

Snapshot CountedCommand::counts() const {
    Snapshot merged;
    for (const Source source : by_nearness) {
        const auto seen = sources.find(source);
        if (seen != sources.end()) merged.merge(seen->second);
    }
    return merged;
}

Source CountedCommand::source_of(const Quantity& quantity) const {
    for (const Source source : by_nearness) {
        const auto seen = sources.find(source);
        if (seen != sources.end() && seen->second.tells(quantity)) return source;
    }
    return Source::bpf;
}

std::string bpf_refusal() {
    static const std::string refusal = []() -> std::string {
        try {
            require_kernel();
            const ProcessTree tree(::getpid());
            return "";
        } catch (const Error& error) {
            if (error.code() != ExitCode::cannot_measure) throw;
            return error.what();
        }
    }();
    return refusal;
}

std::optional<CountedCommand> count_command(const std::vector<std::string>& arguments, const CommandOptions& options) {
    if (options.by == CountedBy::unprivileged)
        return follow_command(arguments, options, "only BPF counts it, and --counters unprivileged does without");
    if (options.by == CountedBy::best && !bpf_refusal().empty()) return follow_command(arguments, options, bpf_refusal());
    return count_by_bpf(arguments, options);
}

}  // namespace tare
