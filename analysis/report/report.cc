// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/report.h"

#include "analysis/report/figures/figures.h"
#include "analysis/report/html.h"
#include "analysis/report/json.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "run/atomic_file.h"

namespace tare {

document::Document report_of(const Findings& findings) {
    document::Document document{sections::title_of(findings), sections::lead(findings)};
    for (const auto& section : sections::leading) document.add(section(findings));
    for (const auto& section : sections::closing) document.add(section(findings));
    return document;
}

nlohmann::json write_report(const std::filesystem::path& run_folder,
                            const std::function<document::Document(const Findings&)>& make) {
    const Run run = open_run(run_folder);
    const Measurements measured(run.observations);
    const LoadMeasurements load(run.observations, run.histograms);
    const Prices prices(run.environment, (run_folder / "environment.json").string());
    const document::Document document = make({run, measured, load, prices, findings_of_contrasts(run)});
    remove_derived_files(run_folder);
    for (const char* const folder : {"details", "figures"}) std::filesystem::create_directories(run_folder / folder);
    for (const auto& [name, content] : document.files) write_file_atomically(run_folder / name, content);
    for (const auto& [name, content] : markdown::files(document)) write_file_atomically(run_folder / name, content);
    write_file_atomically(run_folder / "report.json", to_json(document, run.id).dump() + "\n");
    write_file_atomically(run_folder / "figures/data.json", figures::data_json(run.id, document.charts()));
    write_checksums(run_folder);
    return html::page(document);
}

}  // namespace tare
