// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/report.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "analysis/case_study/sections/sections.h"
#include "analysis/claims/check.h"
#include "analysis/claims/csv.h"
#include "analysis/claims/section.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/suite_name.h"

namespace tare::case_study {
namespace {

// The document's own chapters, in its order.
constexpr std::array chapters{sections::summary_table,
                              sections::breakdown,
                              sections::optimization_opportunities,
                              sections::comparison_with_ideal,
                              sections::ideal_path,
                              sections::current_bottleneck,
                              sections::waterfall,
                              sections::runtime_comparison,
                              sections::conclusion,
                              sections::claims_checked,
                              sections::alternatives,
                              sections::reference_program,
                              sections::reference_against_itself};

// The suites of the case study before suites said so themselves.
constexpr std::array<std::string_view, 4> earlier_suites{"seed", "ladders", "load", "report"};

constexpr std::string_view claims_text =
#include "claims.inc"
    ;

// The report of any run, which begins with the claims that its suite named.
document::Document with_own_claims(const Findings& findings) {
    document::Document document = tare::report_of(findings);
    const std::filesystem::path own = findings.run.folder / claims_name;
    if (!std::filesystem::exists(own)) return document;
    const Check check = check_run(findings.run, load_claims(own));
    document.sections.insert(document.sections.begin(), claims_section(check));
    document.files["claims.csv"] = claims_csv(*check.claims, check.judgements, check.consistency);
    return document;
}

}  // namespace

bool is_of_case_study(const Run& run) {
    const std::string suite = suite_name(run);
    if (suite.empty()) return false;
    if (run.environment["suite"].contains("case_study")) return true;
    return std::find(earlier_suites.begin(), earlier_suites.end(), suite) != earlier_suites.end();
}

ClaimsFile reference_claims() { return parse_claims(claims_text, "analysis/case_study/claims.toml"); }

document::Document report_of(const Findings& findings) {
    if (!is_of_case_study(findings.run)) return with_own_claims(findings);
    const ClaimsFile reference = reference_claims();
    const std::vector<Judgement> judgements = judge_claims(reference, windows_of(findings.run.observations), findings.load);
    const CaseStudyFindings study{findings, reference, judgements, judge_consistency(reference)};
    document::Document document{sections::title_of(findings), sections::lead(findings)};
    const document::Blocks way = sections::way_to_ideal(study);
    document.lead.insert(document.lead.begin() + 1, way.begin(), way.end());
    document.lead.insert(document.lead.begin() + 1, sections::verdicts(study));
    document.files = {{"claims.csv", claims_csv(reference, study.judgements, study.consistency)}};
    for (const auto& section : sections::leading) document.add(section(findings));
    for (const auto& chapter : chapters) document.add(chapter(study));
    for (const auto& section : sections::closing)
        document.add(section == sections::assumptions ? sections::case_study_assumptions(study) : section(findings));
    return document;
}

}  // namespace tare::case_study
