// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/site_session.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "core/error.h"
#include "harness/bench/invariants.h"
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
    for (Reading& total : counts.totals) total = Absent{total.present() ? reason : total.reason()};
    counts.sites.clear();
}

SiteCounts count_sites(const Cell& cell, pid_t server, LockstepClient& client, const std::function<Sources()>& read) {
    SiteCounts counts;
    const Sources open = read();
    std::optional<CallSites> call_sites;
    try {
        call_sites.emplace(Target(server), stacks_max);
    } catch (const Error& error) {
        if (error.code() != ExitCode::cannot_measure) throw;
        counts.totals.fill(Absent{error.what()});
        return counts;
    }
    call_sites->begin();
    client.run(cell.requests);
    counts = call_sites->read(rule_of(cell));
    const Sources window = window_between(open, read());
    if (const auto reason = imbalance(window, cell.requests, cell.key.op == "set_noreply" ? 0 : cell.requests))
        refuse(counts, *reason);
    if (!cell.external()) reconcile_with(counts, window.at("bpf"));
    return counts;
}

}  // namespace

std::vector<Observation> run_site_window(const Cell& cell, pid_t server, LockstepClient& client,
                                         const std::function<Sources()>& read, FoldedStacks& folded) {
    const SiteCounts counts = count_sites(cell, server, client, read);
    folded.add(counts, {to_string(cell)});
    std::vector<Observation> rows;
    for (const auto& [quantity, reading] : site_rows(counts))
        rows.push_back({"", cell.key, site_repetition, "bpf", quantity, cell.requests, reading});
    return rows;
}

}  // namespace tare
