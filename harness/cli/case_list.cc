// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/case_list.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/bench/schedule.h"
#include "harness/bench/selection.h"

namespace tare::cli {
namespace {

std::string how_measured(const Cell& cell) {
    if (cell.command) return fmt::format("command, {} {} runs", cell.command->count, cell.command->timed ? "timed" : "counted");
    if (!cell.load) return fmt::format("lockstep, {} requests, then {}", cell.requests, 2 * cell.requests);
    const LoadSettings& load = *cell.load;
    return fmt::format("load, {} x {} ms{}", load.repetitions, load.duration_ms,
                       load.open_loop_percent > 0 ? fmt::format(", closed and open loop at {} %", load.open_loop_percent) : "");
}

std::string line(const std::string& name, const std::string& how) { return fmt::format("{:72} {}\n", name, how); }

// "5.2 s", "3 min 20 s"
std::string time_text(double seconds) {
    if (seconds < 60) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
    return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string counted(std::size_t count, const char* what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

}  // namespace

std::string cases_as_text(const Suite& suite) {
    std::string text;
    for (const Cell& cell : suite.cells) text += line(to_string(cell), how_measured(cell));
    for (const Contrast& contrast : suite.contrasts)
        text += line(to_string(contrast), fmt::format("contrast, at most {} s", contrast.budget_s));
    return text;
}

nlohmann::json cases_as_json(const Suite& suite) {
    nlohmann::json rows = nlohmann::json::array();
    for (const Cell& cell : suite.cells) {
        nlohmann::json row{{"name", to_string(cell)}, {"how", how_measured(cell)}};
        row["kind"] = cell.command ? "command" : cell.load ? "load" : "lockstep";
        if (cell.load) row["windows_s"] = static_cast<double>(cell.load->repetitions) * window_seconds(cell);
        rows.push_back(row);
    }
    for (const Contrast& contrast : suite.contrasts)
        rows.push_back({{"name", to_string(contrast)}, {"kind", "contrast"}, {"budget_s", contrast.budget_s}});
    return rows;
}

std::string planned_text(const Suite& suite) {
    const PlannedWork work = planned_work(suite);
    std::string text = fmt::format("{}: {}, {}, {}\n", suite.name, counted(work.cells, "cell"), counted(work.steps, "step"),
                                   counted(work.contrasts, "contrast"));
    if (work.timed_steps > 0)
        text += fmt::format("time: {} for the windows and warm-ups of {} under load\n", time_text(work.load_s),
                            counted(work.timed_steps, "step"));
    if (work.contrasts > 0) text += fmt::format("time: at most {} for the contrasts\n", time_text(work.contrasts_max_s));
    const std::size_t untimed = work.steps - work.timed_steps;
    if (untimed > 0)
        text +=
            fmt::format("time: not known before they ran for {} in lockstep or of commands, and for every start of a server\n",
                        counted(untimed, "step"));
    if (suite.calibrates) text += "time: not known before it ran for the calibration, before and after\n";
    return text;
}

}  // namespace tare::cli
