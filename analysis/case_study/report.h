// SPDX-License-Identifier: Apache-2.0
// The case study's chapters in a report: what the reference document claims, beside what the run measured.
#pragma once

#include "analysis/claims/claim.h"
#include "analysis/report/report.h"

namespace tare::case_study {

// Whether the run's suite names the case study.
bool is_of_case_study(const Run& run);

// The reference document's claims (analysis/case_study/claims.toml, part of this program). Throws usage_error with the line.
ClaimsFile reference_claims();

// The report of any run; of one with claims of its own what they came to; and of one whose suite names the case study with its
// sections, figures and claims.csv.
document::Document report_of(const Findings& findings);

}  // namespace tare::case_study
