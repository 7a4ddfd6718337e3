// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>

namespace tare {
namespace {

// A server's start, its probes, its connections.
constexpr double step_overhead_s = 0.1;

double expected_s(const Cell& cell) { return step_overhead_s + window_seconds(cell); }

// All sides' capacities are known before the first repetition: the slowest decides the open loops' rate.
void add_capacities(std::vector<Step>& steps, const Suite& suite, std::size_t side) {
    for (std::size_t index = 0; index < suite.cells.size(); ++index) {
        const Cell& cell = suite.cells[index];
        if (cell.load && cell.load->open_loop_percent > 0 && cell.key.build != Build::counted)
            steps.push_back({index, 0, "capacity, for the open loops' rate", expected_s(cell), side, true});
    }
}

// Where a load cell stands in each side's suite.
using Places = std::vector<std::pair<std::size_t, std::size_t>>;

// What a block of two repetitions is for one cell: there, and back.
void add_block(std::vector<Step>& steps, const std::vector<const Suite*>& sides, Places places, std::uint64_t block,
               std::uint64_t blocks, std::mt19937_64& random) {
    std::shuffle(places.begin(), places.end(), random);
    const std::string stage = fmt::format("load, block {} of {}", block + 1, blocks);
    for (const std::uint64_t repetition : {2 * block, 2 * block + 1}) {
        for (const auto& [side, cell] : places) {
            const Cell& run = sides[side]->cells[cell];
            if (repetition < run.passes()) steps.push_back({cell, repetition, stage, expected_s(run), side});
        }
        std::reverse(places.begin(), places.end());
    }
}

}  // namespace

double window_seconds(const Cell& cell) {
    if (!cell.load) return 0;
    const LoadSettings& load = *cell.load;
    const std::uint64_t windows = load.open_loop_percent > 0 ? 2 : 1;
    return static_cast<double>(load.warm_up_ms + windows * load.duration_ms) / 1e3;
}

std::vector<Step> interleaved_schedule(const std::vector<const Suite*>& sides, std::uint64_t seed) {
    std::vector<Step> steps;
    std::map<CellKey, Places> load_cells;
    std::uint64_t repetitions = 0;
    for (std::size_t side = 0; side < sides.size(); ++side) {
        for (std::size_t index = 0; index < sides[side]->cells.size(); ++index) {
            const Cell& cell = sides[side]->cells[index];
            if (cell.passes() == 0) {
                steps.push_back(
                    {index, 0, fmt::format("lockstep, side {} of {}", side + 1, sides.size()), step_overhead_s, side});
                continue;
            }
            load_cells[cell.key].emplace_back(side, index);
            repetitions = std::max(repetitions, cell.passes());
        }
    }
    for (std::size_t side = 0; side < sides.size(); ++side) add_capacities(steps, *sides[side], side);
    std::vector<const Places*> order;
    order.reserve(load_cells.size());
    for (const auto& [key, places] : load_cells) order.push_back(&places);
    std::mt19937_64 random(seed);
    const std::uint64_t blocks = (repetitions + 1) / 2;
    for (std::uint64_t block = 0; block < blocks; ++block) {
        std::shuffle(order.begin(), order.end(), random);
        for (const Places* const places : order) add_block(steps, sides, *places, block, blocks, random);
    }
    return steps;
}

std::vector<Step> schedule_of(const Suite& suite, std::uint64_t seed) {
    std::vector<Step> steps;
    std::uint64_t passes = 0;
    for (std::size_t index = 0; index < suite.cells.size(); ++index) {
        const Cell& cell = suite.cells[index];
        if (cell.passes() > 0)
            passes = std::max(passes, cell.passes());
        else
            steps.push_back(
                {index, 0, fmt::format("{} {}", to_string(cell.key.variant), name_of(cell.key.build)), step_overhead_s});
    }
    add_capacities(steps, suite, 0);
    std::mt19937_64 random(seed);
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        const auto first = static_cast<std::ptrdiff_t>(steps.size());
        const std::string stage = fmt::format("load, pass {} of {}", pass + 1, passes);
        for (std::size_t index = 0; index < suite.cells.size(); ++index) {
            const Cell& cell = suite.cells[index];
            if (pass < cell.passes()) steps.push_back({index, pass, stage, expected_s(cell)});
        }
        std::shuffle(steps.begin() + first, steps.end(), random);
    }
    return steps;
}

}  // namespace tare
