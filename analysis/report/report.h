// SPDX-License-Identifier: Apache-2.0
// `tare report`: a run's folder to report.md, details/, report.json, figures/data.json and the page's pieces.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "analysis/report/document.h"
#include "analysis/report/findings.h"

namespace tare {

// The report of any run.
document::Document report_of(const Findings& findings);

// Writes what `make` gives into the run's folder, in place of all that an earlier report left there, and sums it in COMPLETE with
// the rest. Returns the page's pieces (html.h). Throws data_refused when the run is partial, changed or malformed, run_failed
// when the folder cannot be written.
nlohmann::json write_report(const std::filesystem::path& run_folder,
                            const std::function<document::Document(const Findings&)>& make);

}  // namespace tare
