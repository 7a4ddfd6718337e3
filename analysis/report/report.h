// SPDX-License-Identifier: Apache-2.0
// `tare report`: a run's folder to report.md and claims.csv, in the reference document's own form.
#pragma once

#include <filesystem>

namespace tare {

// Writes claims.csv, report.md and figures/data.json into the run's folder, in place of all that an earlier report left there,
// and sums them in COMPLETE with the rest. Throws data_refused when the run is partial, changed or malformed, run_failed when the
// folder cannot be written.
void write_report(const std::filesystem::path& run_folder);

}  // namespace tare
