// SPDX-License-Identifier: Apache-2.0
// What the sections of the case study are made of: a run's findings, and the reference document's claims held against them.
#pragma once

#include <vector>

#include "analysis/claims/claim.h"
#include "analysis/claims/judge.h"
#include "analysis/report/findings.h"

namespace tare {

struct CaseStudyFindings : Findings {
    const ClaimsFile& reference;
    std::vector<Judgement> judgements;
    std::vector<ConsistencyJudgement> consistency;
};

}  // namespace tare
