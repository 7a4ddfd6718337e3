// SPDX-License-Identifier: Apache-2.0
// Claims about requests of many connections: no request shares a call in lockstep, so averages are judged under load.
#pragma once

#include "analysis/claims/judge.h"

namespace tare {

// Judges anew a claim whose server and operation the run put under load with as many connections as the claim has, and
// pipeline 1. By every repetition: an amortised claim is an upper bound, confirmed when no repetition took more a request and
// disproved when each did; a bound, and an exact number, likewise. Stays as it is where the run has no such load.
void judge_under_load(Judgement& judgement, const ClaimsFile& file, const LoadMeasurements& load);

}  // namespace tare
