// SPDX-License-Identifier: Apache-2.0
// The server of a cell under load, with the client that asks it: started, warmed up, and asked in windows whose edges are at
// rest.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/bench/server_counters.h"
#include "harness/bench/server_timer.h"
#include "harness/bench/start_server.h"
#include "harness/bench/validity_flags.h"
#include "harness/load/load_client.h"

namespace tare {

// The client's plan for a cell of mode load, but for the server's address and what it speaks; `seed` is of all that it draws.
LoadPlan plan_of(const Cell& cell, const Pinning& pinning, std::uint64_t seed);

class LoadedServer {
public:
    // Starts the server. `cell` outlives this. Throws as CellServer does.
    LoadedServer(const Cell& cell, std::uint64_t seed, const Servers& servers, const Pinning& pinning);

    // Opens the client's connections, stores the values, and asks for the cell's warm-up. Throws as LoadClient does.
    void warm_up();
    // Only after warm_up().
    LoadClient& client() { return *client_; }
    const CellServer& server() const { return server_; }
    ServerProcess& process() { return server_.process(); }
    const ServerProcess& process() const { return server_.process(); }

    // One window with the clocks read around it, while nothing is in flight. Throws run_failed when the run was interrupted.
    TimedWindow timed(ServerTimer& timer, const LoadWindow& window);
    // Returns when nothing is in flight and the server sleeps, so that it has done all that it was asked, whatever it still had
    // to do after the last reply. An external one may have threads that work on their own, and never rest: what they do is part
    // of what the server costs. `counters` may have none.
    void rest(const std::unique_ptr<ServerCounters>& counters = nullptr) const;

private:
    const Cell& cell_;
    LoadPlan plan_;
    CellServer server_;
    std::unique_ptr<LoadClient> client_;
};

}  // namespace tare
