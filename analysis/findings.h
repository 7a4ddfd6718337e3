// SPDX-License-Identifier: Apache-2.0
// All that the sections of a report are made of.
#pragma once

#include <vector>

#include "analysis/claims.h"
#include "analysis/load_measurements.h"
#include "analysis/measurements.h"
#include "analysis/prices.h"
#include "analysis/run_folder.h"
#include "analysis/verdict.h"

namespace tare {

struct Findings {
    const Run& run;
    const Measurements& measured;
    const SeedClaims& seed;
    std::vector<Judgement> judgements;
    std::vector<ConsistencyJudgement> consistency;
    LoadMeasurements load;
    Prices prices;
};

}  // namespace tare
