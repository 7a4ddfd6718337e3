// SPDX-License-Identifier: Apache-2.0
#include "run/run_reader.h"

#include <algorithm>

#include "core/error.h"
#include "run/complete.h"
#include "run/csv.h"

namespace tare {

namespace {

// What the sections read without asking; what they do ask about may be missing, but not of another shape.
void check_shape(const nlohmann::json& environment, const std::string& where) {
    const auto wrong = [&](const std::string& key, const std::string& what) {
        return data_refused(where + ": " + key + " is no " + what);
    };
    if (!environment.is_object()) throw wrong("the file", "object");
    if (environment.contains("started_at") && !environment["started_at"].is_string()) throw wrong("started_at", "text");
    if (environment.contains("server_settings") && !environment["server_settings"].is_object())
        throw wrong("server_settings", "object");
    const nlohmann::json warnings = environment.value("warnings", nlohmann::json::array());
    const bool texts = std::all_of(warnings.begin(), warnings.end(), [](const auto& each) { return each.is_string(); });
    if (!warnings.is_array() || !texts) throw wrong("warnings", "list of texts");
}

// With what only some runs have.
std::vector<std::string> measured_in(const std::filesystem::path& folder) {
    std::vector<std::string> names = measured_files;
    for (const char* const name : {"call_sites.folded", "histograms.csv"}) {
        if (std::filesystem::is_regular_file(folder / name)) names.emplace_back(name);
    }
    return names;
}

}  // namespace

Run open_run(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder)) throw data_refused(folder.string() + ": no such run");
    if (!std::filesystem::is_directory(folder)) throw data_refused(folder.string() + ": a run is a folder");
    verify_complete(folder, measured_in(folder));
    Run run;
    run.folder = folder;
    run.observations = read_observations(folder / "observations.csv");
    if (std::filesystem::exists(folder / "histograms.csv")) run.histograms = read_histograms(folder / "histograms.csv");
    try {
        run.environment = nlohmann::json::parse(read_file(folder / "environment.json"));
        check_shape(run.environment, (folder / "environment.json").string());
        run.id = run.environment.at("run").get<std::string>();
    } catch (const nlohmann::json::exception& error) {
        throw data_refused((folder / "environment.json").string() + ": " + error.what());
    }
    if (run.observations.empty()) throw data_refused(folder.string() + ": no observations");
    for (const Observation& seen : run.observations) {
        if (seen.run != run.id) throw data_refused(folder.string() + ": rows of run '" + seen.run + "' in run '" + run.id + "'");
        if (seen.requests == 0) throw data_refused(folder.string() + ": a row of 0 requests");
    }
    for (const HistogramRow& row : run.histograms) {
        if (row.run != run.id)
            throw data_refused(folder.string() + ": histograms of run '" + row.run + "' in run '" + run.id + "'");
    }
    return run;
}

void remove_derived_files(const std::filesystem::path& folder) {
    write_complete(folder, measured_in(folder));
    for (const char* const name : {"claims.csv", "report.md", "report.html", "figures"})
        std::filesystem::remove_all(folder / name);
}

void write_checksums(const std::filesystem::path& folder) {
    std::vector<std::string> names = measured_in(folder);
    for (const char* const name : {"claims.csv", "report.md", "report.html"}) {
        if (std::filesystem::is_regular_file(folder / name)) names.emplace_back(name);
    }
    const auto measured_and_texts = static_cast<std::ptrdiff_t>(names.size());
    if (std::filesystem::is_directory(folder / "figures")) {
        for (const auto& entry : std::filesystem::directory_iterator(folder / "figures")) {
            const std::string name = entry.path().filename();
            if (entry.is_regular_file() && !name.starts_with('.')) names.push_back("figures/" + name);
        }
    }
    std::sort(names.begin() + measured_and_texts, names.end());
    write_complete(folder, names);
}

}  // namespace tare
