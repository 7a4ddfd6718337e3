// SPDX-License-Identifier: Apache-2.0
// A run's folder as analysis reads it: whole and unchanged, or refused.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/contrast_row.h"
#include "run/histogram_row.h"
#include "run/observation.h"

namespace tare {

// What COMPLETE must list: the measured files, from which everything else in the folder is derived.
inline const std::vector<std::string> measured_files{"observations.csv", "environment.json"};

// What the suite claimed, in the folder of a run whose suite names such a file.
inline constexpr const char* claims_name = "claims.toml";

struct Run {
    std::filesystem::path folder;
    std::string id;
    unsigned schema = 0;  // of its files; the rows are of the present one (run/table.h)
    std::vector<Observation> observations;
    std::vector<HistogramRow> histograms;  // none in a run without load, or of an earlier tare
    std::vector<ContrastRow> contrasts;    // none in a run whose suite has none
    nlohmann::json environment;
};

// Throws data_refused, naming file and line, when the folder is partial, changed or malformed: rows of another contract, a
// quantity that stands twice, files of two schemas. Texts are as they stand: what writes them makes them harmless.
Run open_run(const std::filesystem::path& folder);

// Removes what an earlier report left, so that none of it stands beside a newer one; COMPLETE then lists the measured files
// alone. Throws run_failed, or filesystem_error, when the folder cannot be written.
void remove_derived_files(const std::filesystem::path& folder);

// Sums anew in COMPLETE the measured files and each derived file that is there. Throws run_failed.
void write_checksums(const std::filesystem::path& folder);

}  // namespace tare
