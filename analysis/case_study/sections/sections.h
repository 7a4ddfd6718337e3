// SPDX-License-Identifier: Apache-2.0
// The sections of the case study. case_study/report.cc has them in their order, among those of any report.
#pragma once

#include <string>

#include "analysis/case_study/findings.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {

// The assumptions of any report, and which variants stand for the document's servers.
std::string case_study_assumptions(const CaseStudyFindings& findings);

std::string verdicts(const CaseStudyFindings& findings);
std::string summary_table(const CaseStudyFindings& findings);
std::string breakdown(const CaseStudyFindings& findings);
std::string optimization_opportunities(const CaseStudyFindings& findings);
std::string comparison_with_ideal(const CaseStudyFindings& findings);
std::string ideal_path(const CaseStudyFindings& findings);
std::string current_bottleneck(const CaseStudyFindings& findings);
std::string waterfall(const CaseStudyFindings& findings);
std::string runtime_comparison(const CaseStudyFindings& findings);
std::string conclusion(const CaseStudyFindings& findings);
std::string claims_checked(const CaseStudyFindings& findings);
std::string reference_against_itself(const CaseStudyFindings& findings);

}  // namespace tare::sections
