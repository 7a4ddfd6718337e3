// SPDX-License-Identifier: Apache-2.0
// What makes the times of a window doubtful: a client that was the limit, a machine that others used.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "harness/load/load_client.h"
#include "run/observation.h"

namespace tare {

// Above this share of its core a client thread may be what limits the throughput, and below this one the server is not.
inline constexpr double client_bound_share = 0.85;
inline constexpr double server_busy_share = 0.95;

// Time that the hypervisor kept from all cores since boot; absent where /proc/stat does not tell.
Measured<std::uint64_t> stolen_ns();

// One timed window: what its client did, and what happened to the server and the machine meanwhile.
struct TimedWindow {
    LoadResult result;
    Snapshot server;                                    // what the probe cpu_time saw
    Measured<std::uint64_t> stolen = std::uint64_t{0};  // ns
};

// The metric `marks`: how many, and each by name; a mark that cannot be told is absent, and then so is their number.
// client_bound: a client thread used more than 85 % of its core and the server less than 95 % of one: it was idle for the client.
// steal: more than 2 % of the window was stolen. other_load: the server's busiest thread was ready without a core for more than 5
// % of it. The open loop's own begin with `open_`, and over_capacity says that it fell behind its schedule.
Snapshot marks_of(const TimedWindow& closed, const TimedWindow* open);

// Those of `tare load`, which sees no more of the server than its CPU time, and that of its own one alone: client_bound, steal,
// over_capacity, and interrupted where the window was.
Snapshot marks_of_client(const LoadResult& result, const Measured<std::uint64_t>& server_cpu_ns,
                         const Measured<std::uint64_t>& stolen, bool interrupted);

// One line a mark: in how many of the timed cells, and of their repetitions, it stands. Which they are is in their rows.
std::vector<std::string> told_marks(const std::vector<Observation>& rows);

}  // namespace tare
