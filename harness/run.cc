// SPDX-License-Identifier: Apache-2.0
#include "harness/run.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>

#include "core/clock.h"
#include "core/error.h"
#include "harness/calibrate/calibration.h"
#include "harness/cores.h"
#include "harness/environment.h"
#include "harness/interrupt.h"
#include "harness/load/descriptor_limit.h"
#include "harness/load_marks.h"
#include "harness/load_trial.h"
#include "harness/progress.h"
#include "harness/run_folder.h"
#include "harness/steps.h"
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

std::uint64_t most_connections(const Suite& suite) {
    std::uint64_t most = 1;
    for (const Cell& cell : suite.cells) most = std::max(most, cell.key.connections);
    return most;
}

bool anything_measured(const std::vector<Observation>& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const Observation& row) {
        return row.reading.present() && row.source != "prediction" && row.source != "client";
    });
}

// What a run has so far; rows by cell, so that a file lists them in the suite's order whatever order they came in.
struct Progressed {
    std::vector<std::vector<Observation>> rows;
    std::vector<std::string> warnings;
    std::size_t steps_done = 0;

    std::vector<Observation> in_order() const {
        std::vector<Observation> all;
        for (const auto& of_cell : rows) all.insert(all.end(), of_cell.begin(), of_cell.end());
        return all;
    }
};

class SuiteRun {
public:
    SuiteRun(const Suite& suite, const ReferenceServers& reference, const Pinning& pinning)
        : suite_(suite), servers_{reference, suite.servers}, pinning_(pinning) {}

    void run(const std::vector<Step>& steps, Progressed& so_far) {
        double expected_s = 0;
        for (const Step& step : steps) expected_s += step.expected_s;
        Progress progress(steps.size(), expected_s);
        so_far.rows.resize(suite_.cells.size());
        for (const Step& step : steps) {
            const Cell& cell = suite_.cells[step.cell];
            if (interrupted()) throw run_failed("interrupted");
            progress.step(step.stage, to_string(cell), step.expected_s);
            const std::vector<Observation> more =
                cell.load ? load(cell, step.repetition, so_far.warnings) : lockstep(cell, so_far.warnings);
            so_far.rows[step.cell].insert(so_far.rows[step.cell].end(), more.begin(), more.end());
            ++so_far.steps_done;
        }
    }

private:
    std::vector<Observation> lockstep(const Cell& cell, std::vector<std::string>& warnings) {
        const Snapshot prediction = cell.foreign() ? Snapshot{} : servers_.reference.predict(cell.key.variant, cell.workload);
        try {
            if (!bench_ || !bench_->serves(cell)) {
                bench_.reset();
                bench_ = std::make_unique<Bench>(servers_, cell, pinning_);
            }
            return bench_->run_trial(cell, prediction, warnings);
        } catch (const Error& error) {
            if (error.code() != ExitCode::cannot_measure) throw;
            warnings.push_back(fmt::format("{}: {}", to_string(cell), error.what()));
            return absent_trial(cell, prediction, error.what());
        }
    }

    std::vector<Observation> load(const Cell& cell, std::uint64_t repetition, std::vector<std::string>& warnings) {
        bench_.reset();
        try {
            return run_load_trial(cell, repetition, servers_, pinning_, warnings);
        } catch (const Error& error) {
            if (error.code() != ExitCode::cannot_measure) throw;
            warnings.push_back(fmt::format("{}: {}", to_string(cell), error.what()));
            return absent_load_trial(cell, repetition, error.what());
        }
    }

    const Suite& suite_;
    Servers servers_;
    Pinning pinning_;
    std::unique_ptr<Bench> bench_;
};

// The rows so far, where nobody takes them for a run; says where. Nothing is written when there are none.
std::string keep_partial(const RunOptions& options, const Progressed& so_far, nlohmann::json environment, const std::string& why,
                         std::size_t step_count) {
    const std::vector<Observation> rows = so_far.in_order();
    if (rows.empty()) return why + "; nothing was measured yet";
    const std::string run = new_run_id(options.results, environment["suite"]["name"].get<std::string>() + "-partial");
    environment["run"] = run;
    environment["partial"] = why;
    environment["warnings"] = so_far.warnings;
    const auto folder = write_partial_run(options.results, run, rows, environment);
    return fmt::format("{}; kept {} of {} steps in {} (partial: no report or comparison takes it for a run)", why,
                       so_far.steps_done, step_count, folder.string());
}

// The first of them, and how many more there are: all stand in environment.json and in the report.
void tell(const std::vector<std::string>& warnings) {
    constexpr std::size_t told_max = 20;
    for (std::size_t index = 0; index < std::min(warnings.size(), told_max); ++index)
        fmt::print(stderr, "warning: {}\n", warnings[index]);
    if (warnings.size() > told_max) fmt::print(stderr, "and {} more warnings, in the report\n", warnings.size() - told_max);
}

nlohmann::json describe_servers(const Suite& suite, const ReferenceServers& reference) {
    nlohmann::json rows = nlohmann::json::object();
    for (const auto& [name, server] : suite.servers) {
        rows[name] = {{"argv", server.argv}, {"version", version_of(server)}, {"protocol", name_of(server.protocol)}};
        if (!server.config.empty()) rows[name]["config"] = server.config;
        if (!server.files.empty()) rows[name]["files"] = server.files;
    }
    return {{"server_settings", reference.settings()}, {"foreign_servers", rows}};
}

}  // namespace

std::filesystem::path run_suite(Suite suite, const ReferenceServers& reference, const RunOptions& options) {
    keep_only(suite, options.only);
    const std::uint64_t start_ns = monotonic_ns();
    const std::string started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    prepare_results(options.results);
    catch_interrupts();
    allow_connections(most_connections(suite));  // the servers inherit the limit
    const Pinning pinning = choose_cores();
    pin_this_thread(pinning.client_cpu);

    Progressed so_far;
    if (pinning.server_cpu == pinning.client_cpu) so_far.warnings.push_back("one core only: server and client share it");
    const std::uint64_t order_seed = start_ns;
    const std::vector<Step> steps = steps_of(suite, order_seed);
    fmt::print(stderr, "{}: {} cell{}, {} step{}; timing the probes first\n", suite.name, suite.cells.size(),
               suite.cells.size() == 1 ? "" : "s", steps.size(), steps.size() == 1 ? "" : "s");
    nlohmann::json environment = describe_environment(suite, pinning);
    environment.update(describe_servers(suite, reference));
    environment["command"] = options.command;
    environment["order_seed"] = order_seed;
    environment["started_at"] = started_at;
    if (suite.calibrates) {
        fmt::print(stderr, "calibrating: what single events cost here\n");
        environment["calibration"] = to_json(calibrate(pinning));
    }
    try {
        SuiteRun(suite, reference, pinning).run(steps, so_far);
    } catch (const Error& error) {
        if (error.code() != ExitCode::run_failed) throw;
        throw run_failed(keep_partial(options, so_far, environment, interrupted() ? "interrupted" : error.what(), steps.size()));
    }
    const std::vector<Observation> rows = so_far.in_order();
    const std::vector<std::string> marks = told_marks(rows);
    so_far.warnings.insert(so_far.warnings.end(), marks.begin(), marks.end());
    if (!anything_measured(rows))
        throw cannot_measure("nothing of suite " + suite.name + " can be measured here: see tare doctor");
    const std::string run = new_run_id(options.results, suite.name);
    environment["run"] = run;
    environment["duration_s"] = static_cast<double>(monotonic_ns() - start_ns) / 1e9;
    environment["warnings"] = so_far.warnings;
    tell(so_far.warnings);
    return write_run(options.results, run, rows, environment);
}

}  // namespace tare
