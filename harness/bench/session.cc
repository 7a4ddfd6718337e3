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

Conversation conversation_of(const Cell& cell, const SpokenProtocol& protocol = {}, const std::filesystem::path& files = {}) {
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
        product.set(quantity, reading.transform([=](std::uint64_t value) { return value * factor; }));
    return product;
}

// For this reason, whatever else is wrong with them.
Snapshot absent_totals(const Snapshot& seen, const std::string& reason) {
    Snapshot absent;
    for (const auto& [quantity, reading] : seen) {
        if (quantity.detail.empty()) absent.set(quantity, Absent{reason});
    }
    return absent;
}

double ms_since(std::uint64_t begin_ns) { return static_cast<double>(monotonic_ns() - begin_ns) / 1e6; }

// The divisor of rows that are not per request.
std::uint64_t whole_ms(double duration_ms) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(duration_ms)));
}

void add_rows(std::vector<Observation>& rows, const CellKey& key, std::uint64_t repetition, const Sources& sources,
              Divisor divisor) {
    for (const auto& [source, snapshot] : sources)
        for (const auto& [quantity, reading] : snapshot) rows.push_back({key, repetition, source, quantity, divisor, reading});
}

}  // namespace

Session::Session(const Servers& servers, const Cell& cell, const Pinning& pinning)
    : first_(cell), servers_(servers), pinning_(pinning), server_(servers, cell, pinning, fixed_reply(cell)) {
    if (!cell.external()) attach(cell);
}

void Session::attach(const Cell& cell, bool forks) {
    counters_.reset();  // before the next: probes stand once
    counters_ = std::make_unique<ServerCounters>(server_, cell, lockstep_probes, servers_.counters, forks);
}

void Session::attach_when_needed(const Cell& cell) {
    const bool forks = counters_ && counters_->lacks_children();
    if (counters_ && !forks) return;
    attach(cell, forks);
    idle_.reset();
}

bool Session::serves(const Cell& cell) const {
    return !is_null(cell) && cell.key.variant == first_.key.variant && cell.key.build == first_.key.build;
}

std::vector<Observation> Session::measure(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                          FoldedStacks& folded) {
    return with_exit_report(to_string(cell) + ": ", &server_.process(), [&] {
        return cell.client.empty() ? run_windows(cell, prediction, warnings, folded) : run_client_windows(cell, warnings);
    });
}

std::vector<Observation> Session::run_windows(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                              FoldedStacks& folded) {
    const ServerProcess& server = server_.process();
    const SleepWatch watch = sleep_watch(server_, cell, counters_);
    const Conversation conversation = conversation_of(cell, server_.protocol(), server_.files());
    LockstepClient client(server.endpoint(), conversation, server.spins() ? nullptr : &watch);
    if (!is_null(cell)) client.prepare();
    client.run(warm_up_exchanges * cell.workload.pipeline);
    std::vector<Observation> rows;
    attach_when_needed(cell);
    if (cell.external() && !idle_) rows = run_idle_window(cell, watch);
    std::array<Counted, 2> windows;
    for (std::uint64_t repetition = 0; repetition < windows.size(); ++repetition) {
        Counted& window = windows[repetition];
        window.requests = cell.requests * (repetition + 1);
        count(client, window);
        check_window(window.seen, window.requests, conversation.has_replies() ? window.requests : 0, sockets_of(cell),
                     fmt::format("{}, repetition {}", to_string(cell), repetition), warnings);
    }
    if (cell.external()) add_idle_activity(rows, cell, windows);
    for (std::uint64_t repetition = 0; repetition < windows.size(); ++repetition) {
        Counted& window = windows[repetition];
        window.seen[Source::prediction] = times(prediction, window.requests / cell.workload.pipeline);
        add_rows(rows, cell.key, repetition, window.seen, {window.requests});
    }
    if (cell.call_sites) {
        const SiteWindow window{server.pid(), counters_->has_children(), servers_.counters, client,
                                [&](const std::function<void()>& work) { return window_around(client, work); }};
        const auto sites = run_site_window(cell, window, folded);
        rows.insert(rows.end(), sites.begin(), sites.end());
    }
    if (!is_null(cell)) client.prove();
    return rows;
}

Sources Session::window_around(const LockstepClient& client, const std::function<void()>& work) {
    const ServerCounters::Edge open = counters_->read();
    const Snapshot before = client.read();
    work();
    Sources window = counters_->window_between(open, counters_->read());
    window[Source::client] = client.read().minus(before);
    return window;
}

void Session::count(LockstepClient& client, Counted& window) {
    const std::uint64_t begin_ns = monotonic_ns();
    window.seen = window_around(client, [&] { client.run(window.requests); });
    window.duration_ms = ms_since(begin_ns);
}

std::vector<Observation> Session::run_idle_window(const Cell& cell, const SleepWatch& watch) {
    watch.wait();
    const std::uint64_t begin_ns = monotonic_ns();
    const ServerCounters::Edge open = counters_->read();
    std::this_thread::sleep_for(idle_time);
    idle_ = counters_->window_between(open, counters_->read());
    idle_ms_ = ms_since(begin_ns);
    CellKey key = cell.key;
    key.kind = Kind::idle;
    key.op.clear();
    key.key_bytes = key.value_bytes = 0;
    key.pipeline = 1;
    std::vector<Observation> rows;
    add_rows(rows, key, idle_windows_++, *idle_, {whole_ms(idle_ms_), Per::ms});
    return rows;
}

void Session::add_idle_activity(std::vector<Observation>& rows, const Cell& cell, std::array<Counted, 2>& windows) const {
    for (const auto& [source, idle] : *idle_) {
        std::array<RequestWindow, 2> seen;
        for (std::size_t index = 0; index < windows.size(); ++index)
            seen[index] = {windows[index].seen.at(source), windows[index].requests,
                           windows[index].requests / cell.workload.pipeline, windows[index].duration_ms};
        subtract_idle(rows, cell, source, seen);
        for (std::size_t index = 0; index < windows.size(); ++index) windows[index].seen[source] = seen[index].seen;
    }
}

void Session::subtract_idle(std::vector<Observation>& rows, const Cell& cell, Source source,
                            std::array<RequestWindow, 2>& seen) const {
    CellKey key = cell.key;
    key.kind = Kind::background;
    const auto background = subtract_idle_activity(seen, {idle_->at(source), idle_ms_});
    for (std::size_t index = 0; index < seen.size(); ++index)
        add_rows(rows, key, index, {{source, background[index]}}, {whole_ms(seen[index].duration_ms), Per::ms});
}

ClientWindow Session::run_client_window(const ExternalClient& client, const ClientRun& run, const SleepWatch& watch) {
    watch.wait();
    const std::uint64_t begin_ns = monotonic_ns();
    const ServerCounters::Edge open = counters_->read();
    run_client(client, run);
    watch.wait();
    ClientWindow window{{}, run.requests, ms_since(begin_ns)};
    window.seen = counters_->window_between(open, counters_->read());
    return window;
}

std::vector<Observation> Session::run_client_windows(const Cell& cell, std::vector<std::string>& warnings) {
    const ExternalClient& client = servers_.clients.at(cell.client);
    ClientRun run{server_.process().endpoint(), cell.requests,        cell.key.connections,
                  cell.key.key_bytes,           cell.key.value_bytes, servers_.external.at(cell.key.variant.server).root,
                  pinning_.client_cpu};
    const SleepWatch watch = sleep_watch(server_, cell, counters_);
    run_client_until_ready(client, run);
    watch.wait();
    std::vector<Observation> rows;
    ClientWindows windows;
    for (bool whole = false; !whole; whole = !counters_->lacks_children()) {
        attach_when_needed(cell);
        if (!idle_) {
            const std::vector<Observation> idle = run_idle_window(cell, watch);
            rows.insert(rows.end(), idle.begin(), idle.end());
        }
        for (std::size_t index = 0; index < windows.size(); ++index) {
            run.requests = cell.requests << index;
            windows[index] = run_client_window(client, run, watch);
        }
    }
    const std::optional<std::string> fault = miscount(windows);
    if (fault) warnings.push_back(fmt::format("{}: {}", to_string(cell), *fault));
    for (const auto& [source, idle] : *idle_) {
        std::array<RequestWindow, 2> seen = differences(windows, source, {idle, idle_ms_});
        if (!fault) subtract_idle(rows, cell, source, seen);
        for (std::size_t index = 0; index < seen.size(); ++index)
            add_rows(rows, cell.key, index, {{source, fault ? absent_totals(seen[index].seen, *fault) : seen[index].seen}},
                     {seen[index].requests});
    }
    return rows;
}

std::vector<Observation> absent_session(const Cell& cell, const Snapshot& prediction, const std::vector<UserCounter>& counters,
                                        const std::string& reason) {
    std::vector<Observation> rows;
    const auto add = [&](Source source, const Snapshot& snapshot) {
        for (const auto& [quantity, reading] : snapshot)
            rows.push_back({cell.key, 0, source, quantity, {cell.requests}, reading});
    };
    add(Source::prediction, times(prediction, cell.requests / cell.workload.pipeline));
    Snapshot absent;
    for (const auto& [quantity, reading] : prediction) {
        if (quantity.detail.empty()) absent.set(quantity, Absent{reason});
    }
    if (cell.key.build == Build::counted) add(Source::ledger, absent);
    if (cell.external()) {  // nothing is predicted of it: what the probes would have read
        for (const ProbeInfo& probe : probe_catalogue()) {
            if (probe.source != Source::bpf) continue;
            for (const std::string_view metric : probe.metrics) absent.set({std::string(metric), ""}, Absent{reason});
        }
    }
    for (const UserCounter& counter : counters) absent.set({counter.name, ""}, Absent{reason});
    add(Source::bpf, absent);
    return rows;
}

}  // namespace tare
