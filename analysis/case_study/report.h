// SPDX-License-Identifier: Apache-2.0
// The case study's chapters in a report: what the reference document claims, beside what the run measured.
#pragma once

#include "analysis/report/report.h"

namespace tare::case_study {

// The report of any run, and of one whose suite names the case study with its sections, figures and claims.csv.
Report report_of(const Findings& findings);

}  // namespace tare::case_study
