// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/selection.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/bench/schedule.h"

namespace tare {
namespace {

// A variant alone is the pattern that is misspelt most.
std::string meant(const Suite& suite, const std::string& pattern) {
    std::vector<std::string> names;
    for (const Cell& cell : suite.cells) names.push_back(to_string(cell.key.variant));
    return did_you_mean(pattern, names);
}

}  // namespace

void keep_only(Suite& suite, const std::string& pattern) {
    if (pattern.empty()) return;
    const re2::RE2 wanted(pattern, re2::RE2::Quiet);
    if (!wanted.ok()) throw usage_error(fmt::format("--only '{:.100}': {}", pattern, wanted.error().substr(0, 200)));
    const std::string hint = meant(suite, pattern);
    std::erase_if(suite.cells, [&](const Cell& cell) { return !re2::RE2::PartialMatch(to_string(cell), wanted); });
    std::erase_if(suite.contrasts, [&](const Contrast& each) { return !re2::RE2::PartialMatch(to_string(each), wanted); });
    if (suite.cells.empty() && suite.contrasts.empty())
        throw usage_error(fmt::format("--only '{:.100}' matches no cell of suite {} (tare list cases {}){}", pattern, suite.name,
                                      suite.name, hint));
}

PlannedWork planned_work(const Suite& suite) {
    PlannedWork work{.cells = suite.cells.size(), .contrasts = suite.contrasts.size()};
    for (const Step& step : schedule_of(suite, 0)) {
        const double window_s = window_seconds(suite.cells[step.cell]);
        ++work.steps;
        if (window_s > 0) ++work.timed_steps;
        work.load_s += window_s;
    }
    for (const Contrast& contrast : suite.contrasts) work.contrasts_max_s += static_cast<double>(contrast.budget_s);
    return work;
}

}  // namespace tare
