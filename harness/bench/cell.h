// SPDX-License-Identifier: Apache-2.0
// One cell of a suite: a variant in one build, and the request that it is asked over and over, in lockstep or under load.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/operation.h"
#include "harness/load/load_plan.h"
#include "run/observation.h"

namespace tare {

// What a cell in mode `load` has beyond its key.
struct LoadSettings {
    std::uint64_t duration_ms = 0;  // of the window
    std::uint64_t warm_up_ms = 0;   // before it
    std::uint64_t repetitions = 0;  // passes over all load cells, each with a server of its own
    std::uint64_t key_count = 0;
    Popularity popularity;
    // A second window after the closed loop's, at so many percent of the rate that it reached; 0: none.
    std::uint64_t open_loop_percent = 0;
    Arrivals arrivals = Arrivals::poisson;
    ClientIo client_io = ClientIo::automatic;
    friend bool operator==(const LoadSettings&, const LoadSettings&) = default;
};

// What a cell of a command (Kind::command) is: runs that are counted, all in one step, or runs that are timed, in passes.
struct CommandRuns {
    bool timed = false;
    std::uint64_t count = 0;
};

struct Cell {
    CellKey key;
    Workload workload;
    std::uint64_t requests = 0;         // lockstep: of the first window; the second has twice as many
    bool call_sites = false;            // lockstep: whether a third window counts by call site
    std::vector<std::string> wrappers;  // of its server: functions that are no call site (probes/wrappers.h)
    std::optional<LoadSettings> load;
    std::optional<CommandRuns> command;
    std::string client = {};  // lockstep: the suite's, which makes the requests; empty for tare's own

    // How often it is run in turn with others, in passes; 0 for one that is done in one step before them.
    std::uint64_t passes() const { return load ? load->repetitions : command && command->timed ? command->count : 0; }
    bool external() const { return key.build == Build::external; }
};

inline std::string to_string(const Cell& cell) { return name_of(cell.key); }

}  // namespace tare
