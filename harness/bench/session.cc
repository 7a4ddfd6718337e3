// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "core/clock.h"
#include "harness/bench/idle_subtraction.h"
#include "harness/bench/invariants.h"
#include "harness/bench/site_session.h"
#include "harness/load/protocols/fixed_reply.h"
#include "probes/catalogue.h"

namespace tare {
namespace {

// Until a connection's buffers have their size and the allocator its pools.
constexpr std::uint64_t warm_up_exchanges = 64;
constexpr std::uint64_t key_count = 16;

// How long an external server is watched while nothing is asked of it.
constexpr std::chrono::milliseconds idle_time{1000};

Conversation conversation_of(const Cell& cell, ProtocolKind protocol = ProtocolKind::memcached,
                             const std::filesystem::path& files = {}) {
    const bool once = cell.workload.operation == Operation::delete_hit;  // a key is deleted once: warm-up, N, 2N and N by site
    const std::uint64_t windows = cell.call_sites ? 4 : 3;
    const std::uint64_t keys = is_null(cell) ? 1 : once ? warm_up_exchanges + windows * cell.requests : key_count;
    return Conversation(cell.workload, keys, protocol, files);
}

// One request's reply, for a server that answers nothing else.
std::optional<FixedReply> fixed_reply(const Cell& cell) {
    if (!is_null(cell)) return std::nullopt;
    const Conversation conversation = conversation_of(cell);
    const Exchange& all = conversation.at(0);
    const std::string reply = conversation.reply_text(all);
    const std::uint64_t pipeline = cell.workload.pipeline;
    return FixedReply(reply.substr(0, reply.size() / pipeline), all.request.size() / pipeline);
}

Snapshot times(const Snapshot& snapshot, std::uint64_t factor) {
    Snapshot product;
    for (const auto& [quantity, reading] : snapshot)
        product.emplace(quantity, reading.present() ? Reading(reading.value() * factor) : reading);
    return product;
}

// External servers have threads of their own; ours have one.
Target target_of(const ServerProcess& server, const Cell& cell) {
    Target target = server.pid();
    target.counts_threads = cell.external();
    return target;
}

double ms_since(std::uint64_t begin_ns) { return static_cast<double>(monotonic_ns() - begin_ns) / 1e6; }

// The divisor of rows that are not per request.
std::uint64_t whole_ms(double duration_ms) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(duration_ms)));
}

void add_rows(std::vector<Observation>& rows, const CellKey& key, std::uint64_t repetition, const Sources& sources,
              std::uint64_t divisor) {
    for (const auto& [source, snapshot] : sources)
        for (const auto& [quantity, reading] : snapshot)
            rows.push_back({"", key, repetition, source, quantity, divisor, reading});
}

}  // namespace

Session::Session(const Servers& servers, const Cell& cell, const Pinning& pinning)
    : first_(cell),
      server_(servers, cell, pinning, fixed_reply(cell)),
      instruments_(target_of(server_.process(), cell), cell.key.build == "counted" ? &server_.ledger() : nullptr,
                   lockstep_probes) {}

bool Session::serves(const Cell& cell) const {
    return !is_null(cell) && cell.key.variant == first_.key.variant && cell.key.build == first_.key.build;
}

std::vector<Observation> Session::measure(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                          FoldedStacks& folded) {
    return with_exit_report(to_string(cell) + ": ", &server_.process(),
                            [&] { return run_windows(cell, prediction, warnings, folded); });
}

std::vector<Observation> Session::run_windows(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                              FoldedStacks& folded) {
    const ServerProcess& server = server_.process();
    const SleepWatch watch(server.pid());
    const Conversation conversation = conversation_of(cell, server_.protocol(), server_.files());
    LockstepClient client(server.port(), conversation, server.spins() ? nullptr : &watch);
    if (!is_null(cell)) client.prepare();
    client.run(warm_up_exchanges * cell.workload.pipeline);
    std::vector<Observation> rows;
    if (cell.external() && !idle_) rows = run_idle_window(cell, watch);
    std::array<Counted, 2> windows;
    for (std::uint64_t repetition = 0; repetition < windows.size(); ++repetition) {
        Counted& window = windows[repetition];
        window.requests = cell.requests * (repetition + 1);
        count(client, window);
        check_window(window.seen, window.requests, conversation.has_replies() ? window.requests : 0,
                     fmt::format("{}, repetition {}", to_string(cell), repetition), warnings);
    }
    if (cell.external()) add_idle_activity(rows, cell, windows);
    for (std::uint64_t repetition = 0; repetition < windows.size(); ++repetition) {
        Counted& window = windows[repetition];
        window.seen["prediction"] = times(prediction, window.requests / cell.workload.pipeline);
        add_rows(rows, cell.key, repetition, window.seen, window.requests);
    }
    if (cell.call_sites) {
        const auto sites = run_site_window(
            cell, server.pid(), client, [&] { return read(client); }, folded);
        rows.insert(rows.end(), sites.begin(), sites.end());
    }
    if (!is_null(cell)) client.prove();
    return rows;
}

Sources Session::read(const LockstepClient& client) {
    Sources sources = instruments_.read();
    sources["client"] = client.read();
    return sources;
}

void Session::count(LockstepClient& client, Counted& window) {
    const std::uint64_t begin_ns = monotonic_ns();
    const Sources open = read(client);
    client.run(window.requests);
    window.seen = window_between(open, read(client));
    window.duration_ms = ms_since(begin_ns);
}

std::vector<Observation> Session::run_idle_window(const Cell& cell, const SleepWatch& watch) {
    watch.wait();
    const std::uint64_t begin_ns = monotonic_ns();
    const Sources open = instruments_.read();
    std::this_thread::sleep_for(idle_time);
    idle_ = window_between(open, instruments_.read());
    idle_ms_ = ms_since(begin_ns);
    CellKey key = cell.key;
    key.op = "idle";
    key.key_bytes = key.value_bytes = 0;
    key.pipeline = 1;
    std::vector<Observation> rows;
    add_rows(rows, key, 0, *idle_, whole_ms(idle_ms_));
    return rows;
}

void Session::add_idle_activity(std::vector<Observation>& rows, const Cell& cell, std::array<Counted, 2>& windows) const {
    CellKey key = cell.key;
    key.op += "_background";
    for (const auto& [source, idle] : *idle_) {
        std::array<RequestWindow, 2> seen;
        for (std::size_t index = 0; index < windows.size(); ++index)
            seen[index] = {windows[index].seen.at(source), windows[index].requests,
                           windows[index].requests / cell.workload.pipeline, windows[index].duration_ms};
        const auto background = subtract_idle_activity(seen, {idle, idle_ms_});
        for (std::size_t index = 0; index < windows.size(); ++index) {
            windows[index].seen[source] = seen[index].seen;
            add_rows(rows, key, index, {{source, background[index]}}, whole_ms(windows[index].duration_ms));
        }
    }
}

std::vector<Observation> absent_session(const Cell& cell, const Snapshot& prediction, const std::string& reason) {
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
    if (cell.external()) {  // nothing is predicted of it: what the probes would have read
        for (const ProbeInfo& probe : probe_catalogue()) {
            if (probe.source != "bpf") continue;
            for (const std::string_view metric : probe.metrics) absent.emplace(Quantity{std::string(metric), ""}, Absent{reason});
        }
    }
    add("bpf", absent);
    return rows;
}

}  // namespace tare
