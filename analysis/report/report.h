// SPDX-License-Identifier: Apache-2.0
// `tare report`: a run's folder to report.md, figures/data.json and what else a report consists of.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/report/chart.h"
#include "analysis/report/findings.h"

namespace tare {

struct Report {
    std::string title;
    std::vector<std::string> sections;  // Markdown with headings of their own, in their order
    std::vector<chart::Chart> figures;
    std::map<std::string, std::string> tables = {};  // further files of the folder: name and content
};

// As environment.json has it; empty where it does not say.
std::string suite_name(const Run& run);

// The report of any run, titled by its suite.
Report report_of(const Findings& findings);

// Writes what `make` gives into the run's folder, in place of all that an earlier report left there, and sums it in COMPLETE with
// the rest. Throws data_refused when the run is partial, changed or malformed, run_failed when the folder cannot be written.
void write_report(const std::filesystem::path& run_folder, const std::function<Report(const Findings&)>& make);

}  // namespace tare
