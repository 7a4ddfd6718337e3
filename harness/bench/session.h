// SPDX-License-Identifier: Apache-2.0
// One server with its instruments, and the windows that are measured on it: a trial is one cell run in it.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/bench/client_windows.h"
#include "harness/bench/external_client.h"
#include "harness/bench/server_counters.h"
#include "harness/bench/start_server.h"
#include "harness/load/lockstep.h"
#include "harness/process/cpu_affinity.h"
#include "harness/trace/instruments.h"
#include "harness/trace/site_rows.h"
#include "run/observation.h"

namespace tare {

// A server that serves the cells of one variant and build. What `null` answers is fixed, so it serves one cell only.
class Session {
public:
    // Throws run_failed when the server does not start.
    Session(const Servers& servers, const Cell& cell, const Pinning& pinning);

    // Whether this server can serve `cell` as well.
    bool serves(const Cell& cell) const;

    // The rows of the cell's two windows, of N and 2N requests, or of the differences of three runs of its client; of an external
    // server also those of an idle window, once, and its background in both windows. A window that does not balance is absent
    // with what did not; this is also added to `warnings`. Throws run_failed, with the server's last lines, when the server or a
    // reply fails. `folded` takes the stacks of a cell whose call sites are counted.
    std::vector<Observation> measure(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                     FoldedStacks& folded);

private:
    struct Counted {
        Sources seen;
        std::uint64_t requests = 0;
        double duration_ms = 0;
    };

    std::vector<Observation> run_windows(const Cell& cell, const Snapshot& prediction, std::vector<std::string>& warnings,
                                         FoldedStacks& folded);
    std::vector<Observation> run_client_windows(const Cell& cell, std::vector<std::string>& warnings);
    ClientWindow run_client_window(const ExternalClient& client, const ClientRun& run, const SleepWatch& watch);
    void attach(const Cell& cell, bool forks = false);
    // Attaches for the first time, when an external server has its workers, or anew, when it made its first children since.
    void attach_when_needed(const Cell& cell);
    // What all sources saw while `work` was done.
    Sources window_around(const LockstepClient& client, const std::function<void()>& work);
    void count(LockstepClient& client, Counted& window);
    // What an external server does while nothing is asked: rows of kind idle, per ms.
    std::vector<Observation> run_idle_window(const Cell& cell, const SleepWatch& watch);
    // Takes it out of the windows, into rows of kind background, per ms.
    void add_idle_activity(std::vector<Observation>& rows, const Cell& cell, std::array<Counted, 2>& windows) const;
    void subtract_idle(std::vector<Observation>& rows, const Cell& cell, Source source, std::array<RequestWindow, 2>& seen) const;

    Cell first_;
    Servers servers_;
    Pinning pinning_;
    CellServer server_;
    std::unique_ptr<ServerCounters> counters_;  // of an external server from its first cell on, when it has its workers
    std::uint64_t idle_windows_ = 0;
    std::optional<Sources> idle_;  // of an external server, from its first cell on
    double idle_ms_ = 0;
};

// The rows of a cell whose server cannot run on this machine: the prediction, and nothing but absence from the independent
// counters.
std::vector<Observation> absent_session(const Cell& cell, const Snapshot& prediction, const std::vector<UserCounter>& counters,
                                        const std::string& reason);

}  // namespace tare
