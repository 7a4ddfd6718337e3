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
    const SeedClaims seed = load_seed_claims();
    const LoadMeasurements load(run.observations, run.histograms);
    const Prices prices(run.environment, (run_folder / "environment.json").string());
    std::vector<Judgement> judgements = judge_claims(seed, measured);
    judge_amortised(judgements, seed, load);
    const Findings findings{run, measured, seed, judgements, judge_consistency(seed), load, prices};
    forget_derived(run_folder);
    std::string text = "# Overhead Analysis\n\n";
    for (const auto& section : sections::all) text += section(findings);
    write_file_atomically(run_folder / "claims.csv", claims_csv(seed, findings.judgements, findings.consistency));
    write_file_atomically(run_folder / "report.md", text);
    std::filesystem::create_directories(run_folder / "figures");
    write_file_atomically(run_folder / "figures/data.json", figures::data_json(findings));
    sum_run(run_folder);
}

}  // namespace tare
