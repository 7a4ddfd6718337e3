// SPDX-License-Identifier: Apache-2.0
// What counts a server in its windows: of a reference server its one process, with its ledger; of an external one all of its
// processes, those that it forks in mid-window among them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/bench/start_server.h"
#include "harness/trace/attached_tree.h"
#include "harness/trace/instruments.h"
#include "probes/sleep_watch.h"

namespace tare {

class ServerCounters {
public:
    // Attaches the probes of these kinds, and with slow ones the user's counters; what cannot be attached reads as absent. An
    // external server has its workers by now. Throws run_failed when the server is gone.
    ServerCounters(const CellServer& server, const Cell& cell, std::span<const ProbeKind> kinds,
                   const std::vector<UserCounter>& counters = {}, bool forks = false);

    // All sources at an edge of a window.
    struct Edge {
        Sources sources;
        AttachedTree::Counts tree;
    };
    Edge read();
    Sources window_between(const Edge& open, const Edge& close);

    // Whether it forked for the first time since, so that functions are not counted in its children; attached anew, they are.
    bool lacks_children() const;
    bool has_children() const { return tree_ && !tree_->is_alone(); }

    // The processes, and how many there were ever; of a server that cannot be followed those that it has now, and 0.
    std::set<pid_t> processes() const;
    std::uint64_t births() const;

private:
    void attach_tree(std::span<const ProbeKind> kinds, const std::vector<UserCounter>& counters, bool forks);

    pid_t root_;
    std::string not_followed_;  // why the processes of an external server are not
    std::unique_ptr<AttachedTree> tree_;
    std::optional<Instruments> instruments_;
};

// The processes that come of one, with it.
std::set<pid_t> processes_of(pid_t root);

// Watches all processes of a server; `counters` may come to be, or be replaced, and is looked at in every wait.
SleepWatch sleep_watch(const CellServer& server, const Cell& cell, const std::unique_ptr<ServerCounters>& counters);

}  // namespace tare
