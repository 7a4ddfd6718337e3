// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/run.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "core/clock.h"
#include "core/error.h"
#include "core/standard_streams.h"
#include "core/status.h"
#include "harness/bench/command_session.h"
#include "harness/bench/contrast_session.h"
#include "harness/bench/environment.h"
#include "harness/bench/load_session.h"
#include "harness/bench/schedule.h"
#include "harness/bench/selection.h"
#include "harness/bench/session.h"
#include "harness/bench/tolerated.h"
#include "harness/bench/validity_flags.h"
#include "harness/calibrate/calibration.h"
#include "harness/process/cpu_affinity.h"
#include "harness/process/descriptor_limit.h"
#include "harness/process/interrupt.h"
#include "harness/process/progress.h"
#include "probes/attach/kernel_support.h"
#include "run/run_reader.h"
#include "run/run_writer.h"

namespace tare {
namespace {

// Two sides are held against each other cell by cell; a contrast holds servers of one side against each other.
void leave_out_contrasts(Suite& suite) {
    if (!suite.contrasts.empty() && suite.cells.empty())
        throw usage_error(fmt::format("suite {} has contrasts alone, and no cell that two sides can be compared in", suite.name));
    suite.contrasts.clear();
}

std::uint64_t most_connections(const Suite& suite) {
    std::uint64_t most = 1;
    for (const Cell& cell : suite.cells) most = std::max(most, cell.key.connections);
    // The clients of all arms of a contrast have theirs open at once.
    for (const Contrast& contrast : suite.contrasts)
        most = std::max(most, contrast.workload().connections * arms_of(contrast).size());
    return most;
}

bool anything_measured(const std::vector<Observation>& rows, const std::vector<ContrastRow>& slices) {
    return std::any_of(rows.begin(), rows.end(),
                       [](const Observation& row) {
                           return row.reading.present() && row.source != Source::prediction && row.source != Source::client;
                       }) ||
           std::any_of(slices.begin(), slices.end(), [](const ContrastRow& slice) { return slice.server_cpu_ns.present(); });
}

// What a run has so far; rows by cell, so that a file lists them in the suite's order whatever order they came in.
struct Progressed {
    std::vector<std::vector<Observation>> rows;
    std::vector<std::vector<HistogramRow>> histograms;
    std::vector<ContrastRow> contrasts;
    nlohmann::json ended_contrasts = nlohmann::json::array();  // how each was run, and why it ended
    std::vector<std::string> warnings;
    FoldedStacks folded;
    std::string first_failure;  // of an external server; the run goes on without its cell
    std::size_t steps_done = 0;

    explicit Progressed(std::size_t cells) : rows(cells), histograms(cells) {}
};

template <class Row>
std::vector<Row> in_order(const std::vector<std::vector<Row>>& by_cell) {
    std::vector<Row> all;
    for (const auto& of_cell : by_cell) all.insert(all.end(), of_cell.begin(), of_cell.end());
    return all;
}

// What the open loops of one workload are asked for alike, whoever serves it: a share of the least that any of them can do.
class CommonCapacity {
public:
    void include(const CellKey& cell, double per_s) {
        const auto [place, first] = least_.emplace(workload_of(cell), per_s);
        if (!first) place->second = std::min(place->second, per_s);
    }
    // 0 where nobody could be measured.
    double share_of(const Cell& cell) const {
        const auto found = least_.find(workload_of(cell.key));
        return found == least_.end() ? 0 : found->second * static_cast<double>(cell.load->open_loop_percent) / 100;
    }

private:
    static CellKey workload_of(CellKey cell) {
        cell.variant = {};
        cell.build = {};
        return cell;
    }
    std::map<CellKey, double> least_;
};

class SuiteRun {
public:
    // `so_far` has a place for each side.
    SuiteRun(const std::vector<Side>& sides, const Pinning& pinning, const std::vector<Step>& steps,
             std::vector<Progressed>& so_far)
        : arms_(sides),
          pinning_(pinning),
          steps_(steps),
          so_far_(so_far),
          progress_(steps.size() + sides.front().suite.contrasts.size(), expected_s(steps, sides.front().suite.contrasts)) {}

    // Every step; `around_passes` is called just before the first pass over the load cells, and after the last. Contrasts, which
    // one suite alone may have, come at the end.
    void run(const std::function<void()>& around_passes) {
        const auto first_pass =
            std::find_if(steps_.begin(), steps_.end(), [this](const Step& step) { return cell_of(step).passes() > 0; });
        run({steps_.begin(), first_pass});
        around_passes();
        run({first_pass, steps_.end()});
        around_passes();
    }

    // `seed` is of the orders of their blocks.
    void run_contrasts(std::uint64_t seed) {
        const Side& side = arms_.front();
        for (const Contrast& contrast : side.suite.contrasts) {
            if (interrupted()) throw run_failed("interrupted");
            progress_.step(to_string(contrast), to_string(contrast), static_cast<double>(contrast.budget_s));
            run_one(contrast, seed++, side);
        }
    }

private:
    static double expected_s(const std::vector<Step>& steps, const std::vector<Contrast>& contrasts) {
        double sum = 0;
        for (const Step& step : steps) sum += step.expected_s;
        for (const Contrast& contrast : contrasts) sum += static_cast<double>(contrast.budget_s);
        return sum;
    }

    const Cell& cell_of(const Step& step) const { return arms_[step.side].suite.cells[step.cell]; }

    void run(std::span<const Step> steps) {
        for (const Step& step : steps) {
            const Side& side = arms_[step.side];
            const Cell& cell = cell_of(step);
            if (interrupted()) throw run_failed("interrupted");
            progress_.step(step.stage, to_string(cell), step.expected_s);
            if (step.side != bench_arm_) bench_.reset();
            bench_arm_ = step.side;
            Progressed& progressed = so_far_[step.side];
            const Servers servers = servers_of(side);
            LoadSession more;
            if (step.capacity)
                capacity(servers, cell);
            else if (cell.command)
                more.rows = command(side.suite, cell, step.repetition, progressed);
            else if (cell.load)
                more = load(servers, cell, step.repetition, progressed);
            else
                more.rows = lockstep(servers, cell, progressed);
            append(progressed.rows[step.cell], more.rows);
            append(progressed.histograms[step.cell], more.histograms);
            ++progressed.steps_done;
        }
        bench_.reset();
    }

    static Servers servers_of(const Side& side) {
        return {side.reference, side.suite.servers, side.suite.counters, side.suite.clients, side.suite.timeout};
    }

    void run_one(const Contrast& contrast, std::uint64_t seed, const Side& side) {
        Progressed& so_far = so_far_.front();
        ContrastSession session;
        const auto keep = [&] { append(so_far.contrasts, session.rows); };
        const std::string name = to_string(contrast);
        std::string last;
        try {
            run_contrast(
                contrast, seed, servers_of(side), pinning_,
                [&](const std::string& what) { progress_.update(last = fmt::format("{}: {}", name, what)); }, session,
                so_far.warnings);
        } catch (const Error&) {
            keep();
            throw;
        }
        keep();
        progress_.update(fmt::format("{}; ended by: {}", last.empty() ? name : last, name_of(session.end)), true);
        if (so_far.first_failure.empty()) so_far.first_failure = session.first_failure;
        so_far.ended_contrasts.push_back(record_of(contrast, session, seed));
    }

    template <class Row>
    static void append(std::vector<Row>& rows, const std::vector<Row>& more) {
        rows.insert(rows.end(), more.begin(), more.end());
    }

    // Of a server that cannot run here, or fails, the cell's repetitions will say so.
    void capacity(const Servers& servers, const Cell& cell) {
        bench_.reset();
        try {
            capacity_.include(cell.key, measure_capacity(cell, servers, pinning_));
        } catch (const Error& error) {
            if (!is_tolerated(error, cell)) throw;
        }
    }

    std::vector<Observation> lockstep(const Servers& servers, const Cell& cell, Progressed& so_far) {
        const Snapshot prediction = cell.external() ? Snapshot{} : servers.reference.predict(cell.key.variant, cell.workload);
        try {
            if (!bench_ || !bench_->serves(cell)) {
                bench_.reset();
                bench_ = std::make_unique<Session>(servers, cell, pinning_);
            }
            return bench_->measure(cell, prediction, so_far.warnings, so_far.folded);
        } catch (const Error& error) {
            bench_.reset();
            return absent_session(cell, prediction, servers.counters, tolerated(error, cell, so_far));
        }
    }

    std::vector<Observation> command(const Suite& suite, const Cell& cell, std::uint64_t repetition, Progressed& so_far) {
        bench_.reset();
        const CommandSubject& subject = suite.commands.at(cell.key.variant.server);
        if (cell.command->timed) return time_run(cell, subject, repetition, so_far.warnings);
        return count_runs(cell, subject, suite.counters, so_far.warnings, so_far.folded);
    }

    LoadSession load(const Servers& servers, const Cell& cell, std::uint64_t repetition, Progressed& so_far) {
        bench_.reset();
        try {
            return run_load_session(cell, repetition, servers, pinning_, capacity_.share_of(cell), so_far.warnings);
        } catch (const Error& error) {
            return {absent_load_session(cell, repetition, tolerated(error, cell, so_far)), {}};
        }
    }

    // Why the cell is absent, when the run can go on without it: this machine cannot measure it, or an external server failed.
    // Else the error goes on.
    static std::string tolerated(const Error& error, const Cell& cell, Progressed& so_far) {
        if (!is_tolerated(error, cell)) throw error;
        const std::string what = error.what();
        const bool is_named = what.starts_with(to_string(cell));
        so_far.warnings.push_back(is_named ? what : fmt::format("{}: {}", to_string(cell), what));
        if (is_failure_of_case(error, cell) && so_far.first_failure.empty()) so_far.first_failure = so_far.warnings.back();
        return one_line(what);
    }

    const std::vector<Side>& arms_;
    Pinning pinning_;
    const std::vector<Step>& steps_;
    std::vector<Progressed>& so_far_;
    Progress progress_;
    std::unique_ptr<Session> bench_;
    std::size_t bench_arm_ = 0;
    CommonCapacity capacity_;
};

// "gate", or an side's "gate-base".
std::string name_of(const Side& side) { return side.suite.name + (side.name.empty() ? "" : "-" + side.name); }

// An side's rows so far, where nobody takes them for a run; says where. Nothing is written when there are none.
std::string keep_partial(const RunOptions& options, const Side& side, const Progressed& so_far, nlohmann::json environment,
                         const std::string& why, std::size_t step_count) {
    const MeasuredRows rows{in_order(so_far.rows), {}, so_far.contrasts};
    if (rows.observations.empty() && rows.contrasts.empty()) return "";
    environment["partial"] = why;
    environment["warnings"] = so_far.warnings;
    std::filesystem::path folder;
    try {
        folder = write_partial_run(options.results, name_of(side) + "-partial", rows, environment);
    } catch (const Error& error) {
        return fmt::format("; {}", error.what());
    }
    return fmt::format("; kept {} of {} steps in {} (partial: no report or comparison takes it for a run)", so_far.steps_done,
                       step_count, folder.string());
}

// "1 cell", "12 cells".
std::string counted_text(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// The first of them, and how many more there are: all stand in environment.json and in the report.
void tell(const std::vector<std::string>& warnings) {
    constexpr std::size_t told_max = 20;
    for (std::size_t index = 0; index < std::min(warnings.size(), told_max); ++index)
        say(fmt::format("warning: {}\n", warnings[index]));
    if (warnings.size() > told_max) say(fmt::format("and {} more warnings, in the report\n", warnings.size() - told_max));
}

// What is the same for all sides, as the suite has it, stands in `foreign_servers`; what is a side's own, in `subject`.
void describe_servers(nlohmann::json& environment, const Side& side) {
    nlohmann::json rows = nlohmann::json::object();
    nlohmann::json subject = side.subject;
    for (const auto& [name, server] : side.suite.servers) {
        rows[name] = {{"argv", server.argv}, {"protocol", name_of(server.protocol)}};
        if (!server.config.empty()) rows[name]["config"] = server.config;
        if (!server.files.empty()) rows[name]["files"] = server.files;
        if (server.transport != Transport::tcp) rows[name]["transport"] = name_of(server.transport);
        const bool own = needs_root(server) || !server.instead.empty();
        (own ? subject["versions"][name] : rows[name]["version"]) = text_or_status(version_of(server));
    }
    if (side.reference.are_there()) environment["server_settings"] = side.reference.settings();
    environment["foreign_servers"] = rows;
    for (const auto& [name, client] : side.suite.clients) environment["foreign_clients"][name] = {{"argv", client.argv}};
    if (!side.name.empty()) subject["arm"] = side.name;
    if (!subject.is_null()) environment["subject"] = subject;
}

std::vector<Step> schedule_for(const std::vector<Side>& sides, std::uint64_t seed) {
    if (sides.size() == 1) return schedule_of(sides.front().suite, seed);
    std::vector<const Suite*> suites;
    suites.reserve(sides.size());
    for (const Side& side : sides) suites.push_back(&side.suite);
    return interleaved_schedule(suites, seed);
}

// The environments of the sides, which differ only in what each side is.
std::vector<nlohmann::json> describe(const std::vector<Side>& sides, const Pinning& pinning, const nlohmann::json& run) {
    nlohmann::json common = describe_environment(sides.front().suite, pinning);
    common.update(run);
    std::vector<nlohmann::json> environments(sides.size(), common);
    for (std::size_t index = 0; index < sides.size(); ++index) describe_servers(environments[index], sides[index]);
    return environments;
}

// What single events cost, twice in a run: whatever the machine drifted between is then known, and no price's secret.
class RunCalibration {
public:
    RunCalibration(const Pinning& pinning, std::vector<nlohmann::json>& environments)
        : pinning_(pinning), environments_(environments) {}

    void calibrate_anew() {
        remark(fmt::format("calibrating: what single events cost {} the passes\n", before_.empty() ? "before" : "after"));
        const std::vector<Calibration> now = calibrate(pinning_);
        if (interrupted()) throw run_failed("interrupted");
        for (nlohmann::json& environment : environments_)
            environment["calibration"] = before_.empty() ? to_json(now) : to_json(before_, now);
        if (before_.empty()) before_ = now;
    }

private:
    Pinning pinning_;
    std::vector<nlohmann::json>& environments_;
    std::vector<Calibration> before_;
};

std::filesystem::path write_arm(const Side& side, Progressed& progressed, nlohmann::json environment, const RunOptions& options) {
    const MeasuredRows rows{in_order(progressed.rows), in_order(progressed.histograms), progressed.contrasts};
    const std::vector<std::string> marks = told_marks(rows.observations);
    progressed.warnings.insert(progressed.warnings.end(), marks.begin(), marks.end());
    const bool anything = anything_measured(rows.observations, rows.contrasts);
    if (!anything && !progressed.first_failure.empty()) throw run_failed(progressed.first_failure);
    if (!anything)
        throw cannot_measure("nothing of suite " + side.suite.name + " can be measured here: " +
                             (progressed.warnings.empty() ? "see tare doctor" : progressed.warnings.back()));
    environment["warnings"] = progressed.warnings;
    if (!progressed.ended_contrasts.empty()) environment["contrasts"] = progressed.ended_contrasts;
    tell(progressed.warnings);
    return write_run(options.results, name_of(side), rows, environment,
                     {{"call_sites.folded", progressed.folded.text()}, {claims_name, side.suite.claims}});
}

}  // namespace

std::vector<std::filesystem::path> run_sides(std::vector<Side> sides, const RunOptions& options) {
    require_kernel();
    for (Side& side : sides) {
        if (sides.size() > 1) leave_out_contrasts(side.suite);
        keep_only(side.suite, options.only);
    }
    const Suite& suite = sides.front().suite;
    const std::uint64_t start_ns = monotonic_ns();
    const std::string started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    prepare_results(options.results);
    catch_interrupts();
    for (const Side& side : sides) allow_connections(most_connections(side.suite));  // the servers inherit the limit
    const Pinning pinning = choose_cores();
    pin_this_thread(pinning.client_cpu);

    std::vector<Progressed> so_far;
    so_far.reserve(sides.size());
    for (const Side& side : sides) {
        so_far.emplace_back(side.suite.cells.size());
        if (pinning.server_cpu == pinning.client_cpu)
            so_far.back().warnings.push_back("one core only: server and client share it");
    }
    const std::uint64_t order_seed = start_ns;
    const std::vector<Step> steps = schedule_for(sides, order_seed);
    remark(fmt::format("{}: {}, {}{}; timing the probes first\n", suite.name, counted_text(suite.cells.size(), "cell"),
                       counted_text(steps.size(), "step"),
                       suite.contrasts.empty() ? "" : ", " + counted_text(suite.contrasts.size(), "contrast")));
    std::vector<nlohmann::json> environments =
        describe(sides, pinning, {{"command", options.command}, {"order_seed", order_seed}, {"started_at", started_at}});
    RunCalibration calibration(pinning, environments);
    try {
        SuiteRun run(sides, pinning, steps, so_far);
        run.run([&] {
            if (suite.calibrates) calibration.calibrate_anew();
        });
        run.run_contrasts(order_seed);
    } catch (const std::exception& error) {
        const auto* const known = dynamic_cast<const Error*>(&error);
        const std::string why = interrupted() ? "interrupted" : error.what();
        std::string kept;
        for (std::size_t index = 0; index < sides.size(); ++index)
            kept += keep_partial(options, sides[index], so_far[index], environments[index], why, steps.size());
        throw Error(known != nullptr ? known->code() : ExitCode::run_failed,
                    why + (kept.empty() ? "; nothing was measured yet" : kept));
    }
    std::vector<std::filesystem::path> folders;
    for (std::size_t index = 0; index < sides.size(); ++index) {
        environments[index]["duration_s"] = static_cast<double>(monotonic_ns() - start_ns) / 1e9;
        folders.push_back(write_arm(sides[index], so_far[index], environments[index], options));
    }
    return folders;
}

std::filesystem::path run_suite(Suite suite, const ReferenceServers& reference, const RunOptions& options) {
    return run_sides({{"", std::move(suite), reference, nullptr}}, options).front();
}

}  // namespace tare
