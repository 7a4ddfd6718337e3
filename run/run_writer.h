// SPDX-License-Identifier: Apache-2.0
// Puts a finished run at rest: under a name that no reader takes for a run, until every file is there and summed.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "run/histogram_row.h"
#include "run/observation.h"

namespace tare {

// Makes the folder that runs go to. Throws usage_error when nothing can be written there: better now than after the run.
void prepare_results(const std::filesystem::path& results);

// An id that no run in `results` has: suite and time, "overhead-analysis-20260108T101530Z".
std::string new_run_id(const std::filesystem::path& results, const std::string& suite);

// Writes `results/<run>/` with observations.csv, environment.json, call_sites.folded and histograms.csv unless there are none,
// and COMPLETE, and points `results/latest` at it. Returns the folder. Throws run_failed; what it wrote so far then never reads
// as complete.
std::filesystem::path write_run(const std::filesystem::path& results, const std::string& run,
                                std::vector<Observation> observations, const nlohmann::json& environment,
                                const std::string& folded, std::vector<HistogramRow> histograms);

// The same rows and environment of a run that did not come to its end, in `results/<run>/` without COMPLETE: partial, as every
// reader sees. Throws run_failed.
std::filesystem::path write_partial_run(const std::filesystem::path& results, const std::string& run,
                                        std::vector<Observation> observations, const nlohmann::json& environment);

}  // namespace tare
