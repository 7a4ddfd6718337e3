// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/server_counters.h"

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "harness/process/running_process.h"
#include "probes/attach/bpf_object.h"

namespace tare {
namespace {

bool contains(std::span<const ProbeKind> kinds, ProbeKind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

std::set<pid_t> processes_of(pid_t root) {
    std::set<pid_t> all{root};
    std::vector<pid_t> unread{root};
    while (!unread.empty()) {
        const pid_t parent = unread.back();
        unread.pop_back();
        for (const pid_t child : children_of(parent)) {
            if (all.insert(child).second) unread.push_back(child);
        }
    }
    return all;
}

ServerCounters::ServerCounters(const CellServer& server, const Cell& cell, std::span<const ProbeKind> kinds,
                               const std::vector<UserCounter>& counters, bool forks)
    : root_(server.process().pid()) {
    if (!cell.external()) {
        instruments_.emplace(Target(root_), cell.key.build == Build::counted ? &server.ledger() : nullptr, kinds, counters);
        return;
    }
    attach_tree(kinds, counters, forks);
    if (!tree_) {
        instruments_.emplace(Target(root_), nullptr, kinds, counters);
        return;
    }
    // The sources that are no BPF are of one process.
    const bool is_one = tree_->process_count() == 1;
    instruments_.emplace(is_one ? Target(root_) : Target(root_, tree_->processes()), nullptr, kinds,
                         std::span<const UserCounter>(), Instruments::Skips::bpf);
}

void ServerCounters::attach_tree(std::span<const ProbeKind> kinds, const std::vector<UserCounter>& counters, bool forks) {
    AttachOptions options;
    options.per_process = true;
    options.sizes = false;
    options.functions = contains(kinds, ProbeKind::slow_counter);
    if (options.functions) options.counters = counters;
    options.forks = forks || processes_of(root_).size() > 1;
    try {
        tree_ = std::make_unique<AttachedTree>(std::vector<pid_t>{root_}, options);
    } catch (const Error& error) {
        if (error.code() != ExitCode::cannot_measure) throw;
        not_followed_ = error.what();
    }
}

ServerCounters::Edge ServerCounters::read() {
    Edge edge;
    if (instruments_) edge.sources = instruments_->read();
    if (tree_) edge.tree = tree_->read();
    return edge;
}

Sources ServerCounters::window_between(const Edge& open, const Edge& close) {
    Sources window = tare::window_between(open.sources, close.sources);
    if (tree_) {
        Snapshot& counted = window[Source::bpf] = tree_->window_between(open.tree, close.tree);
        counted.set({"lost_events", ""}, tree_->lost_events());
    }
    if (not_followed_.empty() || processes_of(root_).size() == 1) return window;
    for (auto& [source, snapshot] : window)
        snapshot = snapshot.without_readings("the server has several processes, which cannot be followed: " + not_followed_);
    return window;
}

bool ServerCounters::lacks_children() const { return tree_ && tree_->is_alone() && tree_->process_count() > 1; }

std::set<pid_t> ServerCounters::processes() const {
    if (!tree_ || own_pid_namespace().inode != 0) return processes_of(root_);
    std::set<pid_t> all;
    for (const std::uint32_t id : tree_->processes().process_ids()) all.insert(static_cast<pid_t>(id));
    return all;
}

std::uint64_t ServerCounters::births() const { return tree_ ? tree_->process_count() : 0; }

SleepWatch sleep_watch(const CellServer& server, const Cell& cell, const std::unique_ptr<ServerCounters>& counters) {
    const pid_t root = server.process().pid();
    if (!cell.external()) return SleepWatch(root);
    return {root, [root, &counters] { return counters ? counters->processes() : processes_of(root); },
            [&counters] { return counters ? counters->births() : std::uint64_t{0}; }};
}

}  // namespace tare
