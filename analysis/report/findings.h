// SPDX-License-Identifier: Apache-2.0
// All that the sections of a report are made of.
#pragma once

#include <vector>

#include "analysis/case_study/claims.h"
#include "analysis/case_study/verdict.h"
#include "analysis/model/load_measurements.h"
#include "analysis/model/measurements.h"
#include "analysis/model/prices.h"
#include "run/run_reader.h"

namespace tare {

struct Findings {
    const Run& run;
    const Measurements& measured;
    const ReferenceClaims& reference;
    std::vector<Judgement> judgements;
    std::vector<ConsistencyJudgement> consistency;
    LoadMeasurements load;
    Prices prices;
};

}  // namespace tare
