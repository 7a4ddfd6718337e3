// SPDX-License-Identifier: Apache-2.0
#include "run/run_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/check.h"
#include "core/error.h"
#include "core/standard_streams.h"
#include "run/atomic_file.h"
#include "run/complete.h"
#include "run/new_run.h"
#include "run/run_metrics.h"
#include "run/run_reader.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

// A run that is published stands whole, whatever becomes of the link.
void point_latest_at(const fs::path& results, const std::string& run) {
    const fs::path temporary = results / fmt::format(".latest.{}", run);
    std::error_code error, ignored;
    fs::create_directory_symlink(run, temporary, error);
    if (!error) fs::rename(temporary, results / "latest", error);
    if (!error) return;
    fs::remove(temporary, ignored);
    say(fmt::format("warning: {} does not point to this run: {}\n", (results / "latest").string(), error.message()));
}

template <class Row>
std::string text_of(std::string text, const std::vector<Row>& rows, std::string (*line)(const Row&)) {
    for (const Row& row : rows) text += line(row);
    return text;
}

using Texts = std::map<std::string, std::string>;

// All that was measured; returns the files' names.
std::vector<std::string> write_measured(const fs::path& folder, const MeasuredRows& rows, const nlohmann::json& environment,
                                        const Texts& texts) {
    for (const Observation& observation : rows.observations)
        check(is_metric_of_run(observation.quantity.metric, environment), "a row of a metric that the table does not have");
    write_file_atomically(folder / "observations.csv", text_of(observation_header(), rows.observations, observation_line));
    write_file_atomically(folder / "environment.json",
                          environment.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    std::vector<std::string> files = measured_files;
    const auto add = [&](const std::string& name, const std::string& text) {
        write_file_atomically(folder / name, text);
        files.push_back(name);
    };
    if (!rows.contrasts.empty()) add("contrasts.csv", text_of(contrast_header(), rows.contrasts, contrast_line));
    if (!rows.histograms.empty()) add("histograms.csv", text_of(histogram_header(), rows.histograms, histogram_line));
    for (const auto& [name, text] : texts) {
        if (!text.empty()) add(name, text);
    }
    return files;
}

// Where `results` cannot take them, the rows go to the folder for temporary files. Says where, after a semicolon.
std::string kept_elsewhere(const std::string& name, const MeasuredRows& rows, const nlohmann::json& environment,
                           const Texts& texts) {
    try {
        std::string folder = fs::temp_directory_path() / fmt::format("tare-{}-XXXXXX", name);
        if (::mkdtemp(folder.data()) == nullptr) throw system_failed("make a folder " + folder);
        write_measured(folder, rows, environment, texts);
        return fmt::format("; what was measured is kept in {}", folder);
    } catch (const std::exception& error) {
        return fmt::format("; what was measured is lost: {}", error.what());
    }
}

}  // namespace

void prepare_results(const fs::path& results) {
    std::error_code error;
    fs::create_directories(results, error);
    if (!error && ::access(results.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
    if (error) throw usage_error(fmt::format("{}: {}; give a folder with --out", results.string(), error.message()));
}

fs::path write_run(const fs::path& results, const std::string& name, const MeasuredRows& rows, nlohmann::json environment,
                   const std::map<std::string, std::string>& texts) {
    try {
        NewRun run(results, name);
        environment["run"] = run.id();
        write_complete(run.folder(), write_measured(run.folder(), rows, environment, texts));
        fs::path named = run.publish();
        point_latest_at(results, run.id());
        return named;
    } catch (const std::exception& error) {
        throw run_failed(error.what() + kept_elsewhere(name, rows, environment, texts));
    }
}

fs::path write_partial_run(const fs::path& results, const std::string& name, const MeasuredRows& rows,
                           nlohmann::json environment) {
    try {
        NewRun run(results, name);
        environment["run"] = run.id();
        write_measured(run.folder(), rows, environment, {});
        return run.publish();
    } catch (const std::exception& error) {
        throw run_failed(error.what() + kept_elsewhere(name, rows, environment, {}));
    }
}

}  // namespace tare
