// SPDX-License-Identifier: Apache-2.0
// What makes the times of a window doubtful: a client that was the limit, a machine that others used.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/observation.h"
#include "core/reading.h"
#include "harness/cell.h"
#include "harness/load/load_client.h"

namespace tare {

// Time that the hypervisor kept from all cores since boot; absent where /proc/stat does not tell.
Reading stolen_ns();

struct Marks {
    std::vector<std::string> names;
    // As the metric `marks`: the total, and each by name.
    Snapshot snapshot() const;
};

// client_bound: a client thread used more than 85 % of its core. steal: more than 2 % of the window was stolen. other_load: the
// server's busiest thread was ready without a core for more than 5 % of it. over_capacity: an open loop fell behind its schedule.
// `window` holds what the probe cpu_time saw; absent readings mark nothing.
Marks marks_of(const LoadResult& closed, const LoadResult* open, const Snapshot& window, const Reading& stolen);

// The marks in a cell's rows in one line, each with the number of its repetitions; empty when there are none.
std::string told_marks(const Cell& cell, const std::vector<Observation>& rows);

}  // namespace tare
