// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/site_session.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "core/error.h"
#include "harness/bench/invariants.h"
#include "harness/trace/attached_tree.h"
#include "probes/counters/call_sites.h"

namespace tare {
namespace {

// Of one connection's requests.
constexpr std::uint32_t stacks_max = 1024;

// What all payload of the reference servers goes through, and what stands between the request path and the kernel.
constexpr std::array<const char*, 5> reference_wrappers{"tare::allocate_bytes", "tare::copy_bytes", "tare::GrownBytes",
                                                        "tare::ByteBuffer", "tare::calls"};

SiteRule rule_of(const Cell& cell) {
    SiteRule rule{cell.wrappers};
    if (!cell.external()) rule.wrappers.insert(rule.wrappers.end(), reference_wrappers.begin(), reference_wrappers.end());
    return rule;
}

void refuse(SiteCounts& counts, const std::string& reason) {
    for (Measured<std::uint64_t>& total : counts.totals) total = Absent{total.present() ? reason : total.reason()};
    counts.sites.clear();
}

SiteCounts absent_sites(const SiteWindow& window, const std::string& reason) {
    SiteCounts counts;
    counts.totals.fill(Absent{reason});
    for (const UserCounter& counter : window.counters) counts.counters.push_back(counter.name);
    return counts;
}

SiteCounts count_reference_sites(const Cell& cell, const SiteWindow& window, Sources& seen) {
    std::optional<CallSites> call_sites;
    SiteCounts counts;
    seen = window.around([&] {
        call_sites.emplace(Target(window.server), stacks_max, best_uprobe_way(), window.counters);
        call_sites->begin();
        window.client.run(cell.requests);
        counts = call_sites->read(rule_of(cell));
    });
    reconcile_with(counts, seen.at(Source::bpf));
    return counts;
}

// Of all its processes.
SiteCounts count_external_sites(const Cell& cell, const SiteWindow& window, Sources& seen) {
    AttachOptions options;
    options.functions = false;
    options.forks = window.has_children;
    options.call_sites = rule_of(cell);
    options.counters = window.counters;
    AttachedTree tree({window.server}, options);
    SiteCounts counts;
    seen = window.around([&] {
        tree.begin_call_sites();
        window.client.run(cell.requests);
        if (auto sites = tree.call_sites()) counts = std::move(*sites);
    });
    return counts;
}

SiteCounts count_sites(const Cell& cell, const SiteWindow& window) {
    Sources seen;
    SiteCounts counts;
    try {
        counts = cell.external() ? count_external_sites(cell, window, seen) : count_reference_sites(cell, window, seen);
    } catch (const Error& error) {
        if (error.code() != ExitCode::cannot_measure) throw;
        return absent_sites(window, error.what());
    }
    if (const auto reason = imbalance(seen, cell.requests, cell.key.op == "set_noreply" ? 0 : cell.requests, sockets_of(cell)))
        refuse(counts, *reason);
    return counts;
}

}  // namespace

std::vector<Observation> run_site_window(const Cell& cell, const SiteWindow& window, FoldedStacks& folded) {
    const SiteCounts counts = count_sites(cell, window);
    folded.add(counts, {to_string(cell)});
    std::vector<Observation> rows;
    for (const auto& [quantity, reading] : site_rows(counts))
        rows.push_back({cell.key, site_repetition, Source::bpf, quantity, {cell.requests}, reading});
    return rows;
}

}  // namespace tare
