// SPDX-License-Identifier: Apache-2.0
// Puts a finished run at rest: under a name that no reader takes for a run, until every file is there and summed.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "run/contrast_row.h"
#include "run/histogram_row.h"
#include "run/observation.h"

namespace tare {

// Makes the folder that runs go to. Throws usage_error when nothing can be written there: better now than after the run.
void prepare_results(const std::filesystem::path& results);

// What was measured; the files of the kinds that a run does not have are not written.
struct MeasuredRows {
    std::vector<Observation> observations = {};
    std::vector<HistogramRow> histograms = {};
    std::vector<ContrastRow> contrasts = {};
};

// Writes a new run of this name (new_run.h): observations.csv, environment.json with its id as `run`, histograms.csv and
// contrasts.csv unless there are none, the `texts` that are not empty (call_sites.folded, claims.toml) by their names, and
// COMPLETE. Publishes it and points `results/latest` at it. Returns the folder. Throws run_failed, when what was measured is kept
// in the folder for temporary files, which the message names.
std::filesystem::path write_run(const std::filesystem::path& results, const std::string& name, const MeasuredRows& rows,
                                nlohmann::json environment, const std::map<std::string, std::string>& texts);

// The same observations, contrasts and environment of a run that did not come to its end, without COMPLETE: partial, as every
// reader sees. Throws run_failed likewise.
std::filesystem::path write_partial_run(const std::filesystem::path& results, const std::string& name, const MeasuredRows& rows,
                                        nlohmann::json environment);

}  // namespace tare
