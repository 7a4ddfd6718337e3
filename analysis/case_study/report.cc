// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/report.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "analysis/case_study/amortised_claims.h"
#include "analysis/case_study/claims_csv.h"
#include "analysis/case_study/figures/figures.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"

namespace tare::case_study {
namespace {

using Section = std::function<std::string(const CaseStudyFindings&)>;
using Figure = std::function<chart::Chart(const CaseStudyFindings&)>;

// The document's own chapters first, in its order; then what the run shows besides.
std::vector<Section> all_sections() {
    return {sections::run_at_a_glance,
            sections::verdicts,
            sections::warnings,
            sections::case_study_assumptions,
            sections::summary_table,
            sections::breakdown,
            sections::optimization_opportunities,
            sections::comparison_with_ideal,
            sections::ideal_path,
            sections::current_bottleneck,
            sections::waterfall,
            sections::runtime_comparison,
            sections::conclusion,
            sections::scoreboard,
            sections::idle_activity,
            sections::time_per_request,
            sections::amortisation,
            sections::attribution,
            sections::calibration,
            sections::call_sites,
            sections::copy_slopes,
            sections::ladders,
            sections::claims_checked,
            sections::reference_against_itself,
            sections::independent_counters,
            sections::two_windows,
            sections::environment};
}

std::vector<Figure> all_figures() {
    return {figures::ladder_counts,
            figures::completions_per_wait,
            figures::syscalls_over_connections,
            figures::cpu_over_value_size,
            figures::latency_percentiles,
            figures::waterfall,
            figures::claims};
}

// The suites of the case study before suites said so themselves.
constexpr std::array<std::string_view, 4> earlier_suites{"seed", "ladders", "load", "report"};

bool is_of_case_study(const Run& run) {
    const std::string suite = suite_name(run);
    if (suite.empty()) return false;
    if (run.environment["suite"].contains("case_study")) return true;
    return std::find(earlier_suites.begin(), earlier_suites.end(), suite) != earlier_suites.end();
}

}  // namespace

Report report_of(const Findings& findings) {
    if (!is_of_case_study(findings.run)) return tare::report_of(findings);
    const ReferenceClaims reference = load_reference_claims();
    std::vector<Judgement> judgements = judge_claims(reference, findings.measured);
    judge_amortised(judgements, reference, findings.load);
    const CaseStudyFindings study{findings, reference, judgements, judge_consistency(reference)};
    Report report{"Overhead Analysis", {}, {}, {{"claims.csv", claims_csv(reference, study.judgements, study.consistency)}}};
    for (const Section& section : all_sections()) report.sections.push_back(section(study));
    for (const Figure& figure : all_figures()) report.figures.push_back(figure(study));
    return report;
}

}  // namespace tare::case_study
