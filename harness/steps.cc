// SPDX-License-Identifier: Apache-2.0
#include "harness/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace tare {
namespace {

// A server's start, its probes, its connections.
constexpr double step_overhead_s = 0.1;

double expected_s(const LoadSettings& load) {
    const std::uint64_t windows = load.open_loop_percent > 0 ? 2 : 1;
    return step_overhead_s + static_cast<double>(load.warm_up_ms + windows * load.duration_ms) / 1e3;
}

}  // namespace

std::vector<Step> steps_of(const Suite& suite, std::uint64_t seed) {
    std::vector<Step> steps;
    std::uint64_t passes = 0;
    for (std::size_t index = 0; index < suite.cells.size(); ++index) {
        const Cell& cell = suite.cells[index];
        if (cell.load)
            passes = std::max(passes, cell.load->repetitions);
        else
            steps.push_back({index, 0, fmt::format("{} {}", to_string(cell.key.variant), cell.key.build), step_overhead_s});
    }
    std::mt19937_64 random(seed);
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        const auto first = static_cast<std::ptrdiff_t>(steps.size());
        const std::string stage = fmt::format("load, pass {} of {}", pass + 1, passes);
        for (std::size_t index = 0; index < suite.cells.size(); ++index) {
            const Cell& cell = suite.cells[index];
            if (cell.load && pass < cell.load->repetitions) steps.push_back({index, pass, stage, expected_s(*cell.load)});
        }
        std::shuffle(steps.begin() + first, steps.end(), random);
    }
    return steps;
}

}  // namespace tare
