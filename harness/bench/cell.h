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
    friend bool operator==(const LoadSettings&, const LoadSettings&) = default;
};

struct Cell {
    CellKey key;
    Workload workload;
    std::uint64_t requests = 0;         // lockstep: of the first window; the second has twice as many
    bool call_sites = false;            // lockstep: whether a third window counts by call site
    std::vector<std::string> wrappers;  // of its server: functions that are no call site (probes/wrappers.h)
    std::optional<LoadSettings> load;

    bool external() const { return key.build == "external"; }
};

inline std::string to_string(const Cell& cell) { return name_of(cell.key); }

}  // namespace tare
