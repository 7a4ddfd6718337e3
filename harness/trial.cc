// SPDX-License-Identifier: Apache-2.0
#include "harness/trial.h"

#include <fmt/format.h>

#include "core/error.h"
#include "harness/identities.h"
#include "harness/load/fixed_reply.h"
#include "harness/load/lockstep.h"
#include "harness/site_trial.h"

namespace tare {
namespace {

// Until a connection's buffers have their size and the allocator its pools.
constexpr std::uint64_t warm_up_exchanges = 64;
constexpr std::uint64_t key_count = 16;

Conversation conversation_of(const Cell& cell) {
    const bool once = cell.workload.operation == Operation::delete_hit;  // a key is deleted once: warm-up, N, 2N and N by site
    return Conversation(cell.workload, is_null(cell) ? 1
                                       : once        ? warm_up_exchanges + (cell.call_sites ? 4 : 3) * cell.requests
                                                     : key_count);
}

// One request's reply, for a server that answers nothing else.
std::optional<FixedReply> fixed_reply(const Cell& cell) {
    if (!is_null(cell)) return std::nullopt;
    const Exchange all = conversation_of(cell).at(0);
    const std::uint64_t pipeline = cell.workload.pipeline;
    return FixedReply(all.reply.substr(0, all.reply.size() / pipeline), all.request.size() / pipeline);
}

Snapshot times(const Snapshot& snapshot, std::uint64_t factor) {
    Snapshot product;
    for (const auto& [quantity, reading] : snapshot)
        product.emplace(quantity, reading.present() ? Reading(reading.value() * factor) : reading);
    return product;
}

}  // namespace

Bench::Bench(const Servers& servers, const Cell& cell, const Pinning& pinning)
    : first_(cell),
      server_(start_server(servers, cell, pinning, ledger_, fixed_reply(cell))),
      instruments_(server_.pid(), cell.key.build == "counted" ? &ledger_ : nullptr, lockstep_probes) {}

bool Bench::serves(const Cell& cell) const {
    return !is_null(cell) && cell.key.variant == first_.key.variant && cell.key.build == first_.key.build;
}

std::vector<Observation> Bench::run_trial(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                          FoldedStacks& folded) {
    try {
        return run_windows(cell, prediction, warnings, folded);
    } catch (const Error& error) {
        if (error.code() != ExitCode::run_failed) throw;
        const std::string end = server_.obituary();
        throw run_failed(fmt::format("{}: {}{}{}", to_string(cell), error.what(), end.empty() ? "" : "; ", end));
    }
}

std::vector<Observation> Bench::run_windows(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                            FoldedStacks& folded) {
    const SleepWatch watch(server_.pid());
    const Conversation conversation = conversation_of(cell);
    LockstepClient client(server_.port(), conversation, server_.spins() ? nullptr : &watch);
    if (!is_null(cell)) client.prepare();
    client.run(warm_up_exchanges * cell.workload.pipeline);
    const auto read = [&] {
        Sources sources = instruments_.read();
        sources["client"] = client.read();
        return sources;
    };
    std::vector<Observation> rows;
    for (std::uint64_t repetition = 0; repetition < 2; ++repetition) {
        const std::uint64_t requests = cell.requests * (repetition + 1);
        const Sources open = read();
        client.run(requests);
        Sources window = window_between(open, read());
        if (const auto fault = imbalance(window, requests, conversation.at(0).reply.empty() ? 0 : requests)) {
            const std::string reason = "the window did not balance: " + *fault;
            warnings.push_back(fmt::format("{}, repetition {}: {}", to_string(cell), repetition, reason));
            for (auto& [source, snapshot] : window) snapshot = absent_totals(snapshot, reason);
        }
        for (const std::string& oddity : oddities(window))
            warnings.push_back(fmt::format("{}, repetition {}: {}", to_string(cell), repetition, oddity));
        window["prediction"] = times(prediction, requests / cell.workload.pipeline);
        for (const auto& [source, snapshot] : window)
            for (const auto& [quantity, reading] : snapshot)
                rows.push_back({"", cell.key, repetition, source, quantity, requests, reading});
    }
    if (cell.call_sites) {
        const auto sites = run_site_window(cell, server_.pid(), client, read, folded);
        rows.insert(rows.end(), sites.begin(), sites.end());
    }
    if (!is_null(cell)) client.prove();
    return rows;
}

std::vector<Observation> absent_trial(const Cell& cell, const Snapshot& prediction, const std::string& reason) {
    std::vector<Observation> rows;
    const auto add = [&](const char* source, const Snapshot& snapshot) {
        for (const auto& [quantity, reading] : snapshot)
            rows.push_back({"", cell.key, 0, source, quantity, cell.requests, reading});
    };
    add("prediction", times(prediction, cell.requests / cell.workload.pipeline));
    Snapshot absent;
    for (const auto& [quantity, reading] : prediction) {
        if (quantity.detail.empty()) absent.emplace(quantity, Absent{reason});
    }
    if (cell.key.build == "counted") add("ledger", absent);
    add("bpf", absent);
    return rows;
}

}  // namespace tare
