// SPDX-License-Identifier: Apache-2.0
#include "run/run_writer.h"

#include <fmt/chrono.h>
#include <unistd.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "core/check.h"
#include "core/error.h"
#include "core/metric.h"
#include "run/atomic_file.h"
#include "run/complete.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

void point_latest_at(const fs::path& results, const std::string& run) {
    const fs::path temporary = results / fmt::format(".latest.{}", ::getpid());
    fs::create_directory_symlink(run, temporary);
    fs::rename(temporary, results / "latest");
}

void write_measured(const fs::path& folder, const std::string& run, std::vector<Observation>& observations,
                    const nlohmann::json& environment) {
    fs::create_directories(folder);
    std::string text = observation_header();
    for (Observation& observation : observations) {
        check(metric_named(observation.quantity.metric) != nullptr, "a row of a metric that the table does not have");
        observation.run = run;
        text += observation_line(observation);
    }
    write_file_atomically(folder / "observations.csv", text);
    write_file_atomically(folder / "environment.json", environment.dump(2) + "\n");
}

std::string histograms_text(const std::string& run, std::vector<HistogramRow>& histograms) {
    std::string text = histogram_header();
    for (HistogramRow& row : histograms) {
        row.run = run;
        text += histogram_line(row);
    }
    return text;
}

}  // namespace

void prepare_results(const fs::path& results) {
    std::error_code error;
    fs::create_directories(results, error);
    if (!error && ::access(results.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
    if (error) throw usage_error(fmt::format("{}: {}; give a folder with --out", results.string(), error.message()));
}

std::string new_run_id(const fs::path& results, const std::string& suite) {
    const std::string stem = fmt::format("{}-{:%Y%m%dT%H%M%SZ}", suite, fmt::gmtime(std::time(nullptr)));
    std::string run = stem;
    for (int number = 2; fs::exists(results / run); ++number) run = fmt::format("{}-{}", stem, number);
    return run;
}

fs::path write_run(const fs::path& results, const std::string& run, std::vector<Observation> observations,
                   const nlohmann::json& environment, const std::string& folded, std::vector<HistogramRow> histograms) {
    try {
        const fs::path partial = results / fmt::format(".{}.partial", run);
        write_measured(partial, run, observations, environment);
        std::vector<std::string> files{"observations.csv", "environment.json"};
        if (!folded.empty()) {
            files.emplace_back("call_sites.folded");
            write_file_atomically(partial / files.back(), folded);
        }
        if (!histograms.empty()) {
            files.emplace_back("histograms.csv");
            write_file_atomically(partial / files.back(), histograms_text(run, histograms));
        }
        write_complete(partial, files);
        fs::rename(partial, results / run);
        sync_folder(results);
        point_latest_at(results, run);
    } catch (const fs::filesystem_error& error) {
        throw run_failed(error.what());
    }
    return results / run;
}

fs::path write_partial_run(const fs::path& results, const std::string& run, std::vector<Observation> observations,
                           const nlohmann::json& environment) {
    try {
        write_measured(results / run, run, observations, environment);
    } catch (const fs::filesystem_error& error) {
        throw run_failed(error.what());
    }
    return results / run;
}

}  // namespace tare
