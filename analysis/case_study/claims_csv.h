// SPDX-License-Identifier: Apache-2.0
// claims.csv: every verdict as a row, for tools.
#pragma once

#include <string>
#include <vector>

#include "analysis/case_study/claims.h"
#include "analysis/case_study/verdict.h"

namespace tare {

// Header and rows; results/README.md describes the columns.
std::string claims_csv(const ReferenceClaims& reference, const std::vector<Judgement>& judgements,
                       const std::vector<ConsistencyJudgement>& consistency);

}  // namespace tare
