// SPDX-License-Identifier: Apache-2.0
// Claims of calls that requests share: no request shares one in lockstep, so they are judged under load.
#pragma once

#include <vector>

#include "analysis/case_study/verdict.h"
#include "analysis/model/load_measurements.h"

namespace tare {

// Judges anew each amortised claim of system calls of whose variant and operation the run counted a small value at 64
// connections and pipeline 1. "1 amortised" is read as an upper bound: confirmed when no repetition took more calls a
// request than claimed, disproved when each did. The other judgements stay as they are.
void judge_amortised(std::vector<Judgement>& judgements, const ReferenceClaims& reference, const LoadMeasurements& load);

}  // namespace tare
