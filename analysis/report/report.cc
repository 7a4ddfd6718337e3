// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/report.h"

#include <fmt/format.h>

#include "analysis/report/figures/figures.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "run/atomic_file.h"

namespace tare {

std::string suite_name(const Run& run) {
    const nlohmann::json& environment = run.environment;
    if (!environment.contains("suite") || !environment["suite"].is_object()) return "";
    const nlohmann::json& suite = environment["suite"];
    return suite.contains("name") && suite["name"].is_string() ? suite["name"].get<std::string>() : "";
}

Report report_of(const Findings& findings) {
    const std::string suite = suite_name(findings.run);
    Report report{suite.empty() ? "Report" : fmt::format("Report of suite {}", markdown::code(suite)), {}, {}};
    for (const auto& section : sections::all) report.sections.push_back(section(findings));
    for (const auto& figure : figures::all) report.figures.push_back(figure(findings));
    return report;
}

void write_report(const std::filesystem::path& run_folder, const std::function<Report(const Findings&)>& make) {
    const Run run = open_run(run_folder);
    const Measurements measured(run.observations);
    const LoadMeasurements load(run.observations, run.histograms);
    const Prices prices(run.environment, (run_folder / "environment.json").string());
    const Report report = make({run, measured, load, prices});
    remove_derived_files(run_folder);
    std::string text = fmt::format("# {}\n\n", report.title);
    for (const std::string& section : report.sections) text += section;
    for (const auto& [name, content] : report.tables) write_file_atomically(run_folder / name, content);
    write_file_atomically(run_folder / "report.md", text);
    std::filesystem::create_directories(run_folder / "figures");
    write_file_atomically(run_folder / "figures/data.json", figures::data_json(run.id, report.figures));
    write_checksums(run_folder);
}

}  // namespace tare
