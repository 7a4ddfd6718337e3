// SPDX-License-Identifier: Apache-2.0
// The figures of the case study.
#pragma once

#include "analysis/case_study/findings.h"
#include "analysis/report/chart.h"
#include "analysis/report/figures/figures.h"

namespace tare::figures {

chart::Chart cpu_over_value_size(const CaseStudyFindings& findings);
chart::Chart waterfall(const CaseStudyFindings& findings);
chart::Chart claims(const CaseStudyFindings& findings);

}  // namespace tare::figures
