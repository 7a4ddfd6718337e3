// SPDX-License-Identifier: Apache-2.0
// claims.csv: every verdict as a row, for tools.
#pragma once

#include <string>
#include <vector>

#include "analysis/claims/claim.h"
#include "analysis/claims/judge.h"

namespace tare {

// Header and rows; results/README.md describes the columns.
std::string claims_csv(const ClaimsFile& file, const std::vector<Judgement>& judgements,
                       const std::vector<ConsistencyJudgement>& consistency);

}  // namespace tare
