// SPDX-License-Identifier: Apache-2.0
#include "harness/run.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>

#include "core/clock.h"
#include "core/error.h"
#include "harness/cores.h"
#include "harness/environment.h"
#include "harness/progress.h"
#include "harness/run_folder.h"
#include "harness/trial.h"

namespace tare {
namespace {

void keep_only(Suite& suite, const std::string& pattern) {
    if (pattern.empty()) return;
    try {
        const std::regex wanted(pattern);
        std::erase_if(suite.cells, [&](const Cell& cell) { return !std::regex_search(to_string(cell), wanted); });
    } catch (const std::regex_error& error) {
        throw usage_error(fmt::format("--only '{}': {}", pattern, error.what()));
    }
    if (suite.cells.empty()) throw usage_error(fmt::format("--only '{}' matches no cell of suite {}", pattern, suite.name));
}

bool anything_measured(const std::vector<Observation>& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const Observation& row) {
        return row.reading.present() && row.source != "prediction" && row.source != "client";
    });
}

}  // namespace

std::filesystem::path run_suite(Suite suite, const ReferenceServers& servers, const RunOptions& options) {
    keep_only(suite, options.only);
    const std::uint64_t start_ns = monotonic_ns();
    const std::string started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    prepare_results(options.results);
    const Pinning pinning = choose_cores();
    pin_this_thread(pinning.client_cpu);

    std::vector<std::string> warnings;
    if (pinning.server_cpu == pinning.client_cpu) warnings.push_back("one core only: server and client share it");
    fmt::print(stderr, "{}: {} cell{}; timing the probes first\n", suite.name, suite.cells.size(),
               suite.cells.size() == 1 ? "" : "s");
    nlohmann::json environment = describe_environment(suite, pinning);
    environment["server_settings"] = servers.settings();

    std::vector<Observation> rows;
    std::unique_ptr<Bench> bench;
    {
        Progress progress(suite.cells.size());
        for (std::size_t index = 0; index < suite.cells.size(); ++index) {
            const Cell& cell = suite.cells[index];
            progress.step(index, fmt::format("{} {}", to_string(cell.key.variant), cell.key.build), to_string(cell));
            const Snapshot prediction = servers.predict(cell.key.variant, cell.workload);
            std::vector<Observation> more;
            try {
                if (!bench || !bench->serves(cell)) {
                    bench.reset();
                    bench = std::make_unique<Bench>(servers, cell, pinning);
                }
                more = bench->run_trial(cell, prediction, warnings);
            } catch (const Error& error) {
                if (error.code() != ExitCode::cannot_measure) throw;
                warnings.push_back(fmt::format("{}: {}", to_string(cell), error.what()));
                more = absent_trial(cell, prediction, error.what());
            }
            rows.insert(rows.end(), more.begin(), more.end());
        }
    }
    bench.reset();
    if (!anything_measured(rows))
        throw cannot_measure("nothing of suite " + suite.name + " can be measured here: see tare doctor");
    const std::string run = new_run_id(options.results, suite.name);
    environment["run"] = run;
    environment["started_at"] = started_at;
    environment["duration_s"] = static_cast<double>(monotonic_ns() - start_ns) / 1e9;
    environment["warnings"] = warnings;
    for (const std::string& warning : warnings) fmt::print(stderr, "warning: {}\n", warning);
    return write_run(options.results, run, rows, environment);
}

}  // namespace tare
