// SPDX-License-Identifier: Apache-2.0
// From a server as described to its ideal: the difference of their CPU time a request, what each kind of expense saves of it by
// attribution, and what is left. Where the run holds a contrast of the two, the difference is the contrast's.
#pragma once

#include <string>
#include <vector>

#include "analysis/model/attribution.h"
#include "analysis/model/contrast_findings.h"
#include "analysis/model/ideals.h"

namespace tare {

struct Waterfall {
    enum class Kind : std::uint8_t { total, change, residual };
    struct Step {
        std::string label;
        Price ns;  // per request; a change is negative where it saves
        Kind kind;
    };
    struct Descent {
        CellKey described;  // the two timed cells
        CellKey improved;
        std::vector<Step> steps;  // the first total and all changes make the last total
        Price difference;         // from as described to ideal, ns per request; negative where it saves
        Price explained;          // the changes' sum over the difference, a share and no ns; absent where the two may be equal
        std::string contrast;     // the one that the difference was measured by; empty where it is between single cells
    };

    Ideal ideal;
    Measured<Descent> descent;
};

// One for each back end, of the same workload on both ends: a small value at 64 connections and pipeline 1, else the
// first workload that has both.
std::vector<Waterfall> waterfalls(const LoadMeasurements& load, const Prices& prices,
                                  const std::vector<ContrastFinding>& contrasts);

}  // namespace tare
