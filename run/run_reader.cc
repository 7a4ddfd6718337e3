// SPDX-License-Identifier: Apache-2.0
#include "run/run_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "core/error.h"
#include "core/standard_streams.h"
#include "run/complete.h"
#include "run/csv.h"
#include "run/run_metrics.h"
#include "run/table.h"

namespace tare {

namespace {

// What a report consists of.
constexpr std::array derived_files{"claims.csv", "report.md", "report.json", "report.html"};
constexpr std::array derived_folders{"details", "figures"};

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
    for (const char* const name : {"call_sites.folded", "histograms.csv", "contrasts.csv", claims_name}) {
        if (std::filesystem::is_regular_file(folder / name)) names.emplace_back(name);
    }
    return names;
}

void check_schema(const Run& run) {
    const nlohmann::json schema = run.environment.value("schema", nlohmann::json());
    if (schema != run.schema)
        throw data_refused(fmt::format(
            "{}: schema is {} in environment.json and {} in observations.csv", run.folder.string(),
            schema.is_null() ? "missing" : schema.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), run.schema));
}

void check_no_row_twice(const Run& run) {
    std::set<std::tuple<CellKey, Source, Quantity, std::uint64_t>> seen;
    for (const Observation& row : run.observations) {
        if (!seen.emplace(row.cell, row.source, row.quantity, row.repetition).second)
            throw data_refused(fmt::format("{}: observations.csv: {} {} of {} in repetition {} stands twice", run.folder.string(),
                                           row.quantity.metric, row.quantity.detail, name_of(row.cell), row.repetition));
    }
}

}  // namespace

Run open_run(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder)) throw data_refused(folder.string() + ": no such run");
    if (!std::filesystem::is_directory(folder)) throw data_refused(folder.string() + ": a run is a folder");
    verify_complete(folder, measured_in(folder));
    Run run;
    run.folder = folder;
    try {
        run.environment = nlohmann::json::parse(read_file(folder / "environment.json"));
        check_shape(run.environment, (folder / "environment.json").string());
        run.id = run.environment.at("run").get<std::string>();
    } catch (const nlohmann::json::exception& error) {
        throw data_refused((folder / "environment.json").string() + ": " + error.what());
    }
    Observations observations = read_observations(folder / "observations.csv", counters_of_run(run.environment));
    run.schema = observations.schema;
    run.observations = std::move(observations.rows);
    Histograms histograms;
    if (std::filesystem::exists(folder / "histograms.csv")) histograms = read_histograms(folder / "histograms.csv");
    run.histograms = std::move(histograms.rows);
    if (std::filesystem::exists(folder / "contrasts.csv")) run.contrasts = read_contrasts(folder / "contrasts.csv");
    if (run.observations.empty() && run.contrasts.empty()) throw data_refused(folder.string() + ": no observations");
    for (const std::string& named : {observations.run, histograms.run}) {
        if (!named.empty() && named != run.id)
            throw data_refused(folder.string() + ": rows of run '" + named + "' in run '" + run.id + "'");
    }
    check_schema(run);
    check_no_row_twice(run);
    if (observations.schema != present_schema)
        say(fmt::format("tare: {}: schema {} of an earlier tare, read as schema {}\n", folder.string(), observations.schema,
                        present_schema));
    return run;
}

void remove_derived_files(const std::filesystem::path& folder) {
    write_complete(folder, measured_in(folder));
    for (const char* const name : derived_files) std::filesystem::remove(folder / name);
    for (const char* const name : derived_folders) std::filesystem::remove_all(folder / name);
}

void write_checksums(const std::filesystem::path& folder) {
    std::vector<std::string> names = measured_in(folder);
    for (const char* const name : derived_files) {
        if (std::filesystem::is_regular_file(folder / name)) names.emplace_back(name);
    }
    const auto measured_and_texts = static_cast<std::ptrdiff_t>(names.size());
    for (const std::string derived : derived_folders) {
        if (!std::filesystem::is_directory(folder / derived)) continue;
        for (const auto& entry : std::filesystem::directory_iterator(folder / derived)) {
            const std::string name = entry.path().filename();
            if (entry.is_regular_file() && !name.starts_with('.')) names.push_back(fmt::format("{}/{}", derived, name));
        }
    }
    std::sort(names.begin() + measured_and_texts, names.end());
    write_complete(folder, names);
}

}  // namespace tare
