// SPDX-License-Identifier: Apache-2.0
// The sections of the case study. case_study/report.cc has them in their order, among those of any report.
#pragma once

#include "analysis/case_study/findings.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {

// How many claims are confirmed: what the report begins with.
Paragraph verdicts(const CaseStudyFindings& findings);
// What a GET hit costs as described and in the ideal; nothing where the run has not both of any back end.
Blocks way_to_ideal(const CaseStudyFindings& findings);
// The assumptions of any report, and which variants stand for the document's servers.
Section case_study_assumptions(const CaseStudyFindings& findings);

// On the claim with this id in claims.toml, with the reason where it is not judged; where its operations are judged differently,
// each verdict with its operations. `none` where nothing was judged.
Cell claim_verdict(const CaseStudyFindings& findings, const std::string& claim);
// Every claim of a chapter of the document, with what was measured and the verdict. The chapter is the `section` of the claims.
Table statements_of(const CaseStudyFindings& findings, std::string_view chapter);

Section summary_table(const CaseStudyFindings& findings);
Section breakdown(const CaseStudyFindings& findings);
Section optimization_opportunities(const CaseStudyFindings& findings);
Section comparison_with_ideal(const CaseStudyFindings& findings);
Section ideal_path(const CaseStudyFindings& findings);
Section current_bottleneck(const CaseStudyFindings& findings);
Section waterfall(const CaseStudyFindings& findings);
Section runtime_comparison(const CaseStudyFindings& findings);
Section conclusion(const CaseStudyFindings& findings);
Section claims_checked(const CaseStudyFindings& findings);
Section alternatives(const CaseStudyFindings& findings);
Section reference_program(const CaseStudyFindings& findings);
Section reference_against_itself(const CaseStudyFindings& findings);

}  // namespace tare::sections
