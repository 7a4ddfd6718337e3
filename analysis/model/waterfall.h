// SPDX-License-Identifier: Apache-2.0
// From a server as described to its ideal: what each kind of expense saves by attribution, and how the residual changes.
#pragma once

#include <string>
#include <vector>

#include "analysis/model/attribution.h"
#include "analysis/model/ideals.h"

namespace tare {

struct Waterfall {
    enum class Kind : std::uint8_t { total, change, residual };
    struct Step {
        std::string label;
        Price ns;  // per request; a change is negative where it saves
        Kind kind;
    };

    Ideal ideal;
    std::vector<Step> steps;  // the first total and all changes make the last total; empty when there is a reason
    CellKey described;        // the two timed cells
    CellKey improved;
    std::string reason;  // why there are no steps
};

// One for each back end, of the same workload on both ends: a small value at 64 connections and pipeline 1, else the
// first workload that has both.
std::vector<Waterfall> waterfalls(const LoadMeasurements& load, const Prices& prices);

}  // namespace tare
