// SPDX-License-Identifier: Apache-2.0
// The figures and the HTML page of a run, drawn by the scripts in analysis/report/page/ after the report is written.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tare::cli {

// Draws figures/*.svg and *.png from figures/data.json, then report.html from `pieces` (analysis/report/html.h), and sums the
// run's files anew in COMPLETE. Returns one sentence for each of the two that a missing Debian package prevents, naming the
// package. Throws run_failed with a script's last lines when it fails otherwise; what it left is then removed, and COMPLETE holds
// without it.
std::vector<std::string> write_page(const std::filesystem::path& run_folder, const nlohmann::json& pieces);

}  // namespace tare::cli
