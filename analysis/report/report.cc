// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/report.h"

#include <string>

#include "analysis/case_study/amortised_claims.h"
#include "analysis/case_study/claims_csv.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"
#include "run/atomic_file.h"

namespace tare {

void write_report(const std::filesystem::path& run_folder) {
    const Run run = open_run(run_folder);
    const Measurements measured(run.observations);
    const ReferenceClaims reference = load_reference_claims();
    const LoadMeasurements load(run.observations, run.histograms);
    const Prices prices(run.environment, (run_folder / "environment.json").string());
    std::vector<Judgement> judgements = judge_claims(reference, measured);
    judge_amortised(judgements, reference, load);
    const Findings findings{run, measured, reference, judgements, judge_consistency(reference), load, prices};
    remove_derived_files(run_folder);
    std::string text = "# Overhead Analysis\n\n";
    for (const auto& section : sections::all) text += section(findings);
    write_file_atomically(run_folder / "claims.csv", claims_csv(reference, findings.judgements, findings.consistency));
    write_file_atomically(run_folder / "report.md", text);
    std::filesystem::create_directories(run_folder / "figures");
    write_file_atomically(run_folder / "figures/data.json", figures::data_json(findings));
    write_checksums(run_folder);
}

}  // namespace tare
