// SPDX-License-Identifier: Apache-2.0
// A suite's work in the order in which it is done: every lockstep cell once, the capacity of every cell with an open loop, then
// pass after pass over the load cells, each pass in a random order of its own, so that what drifts over a run falls on all of
// them alike. Where several suites are run side by side, each load cell is run for all of them in turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/bench/suite.h"

namespace tare {

struct Step {
    std::size_t cell = 0;          // index in the suite
    std::uint64_t repetition = 0;  // of a load cell
    std::string stage;             // what several steps in a row have in common, for progress
    double expected_s = 0;         // a rough guess, only to say how much time is left
    std::size_t side = 0;          // whose suite
    bool capacity = false;         // of a load cell with an open loop, before all repetitions: how much its server can do
};

// How long the warm-up and the windows of one repetition of a load cell last; 0 for one in lockstep and for a command, which end
// by themselves.
double window_seconds(const Cell& cell);

std::vector<Step> schedule_of(const Suite& suite, std::uint64_t seed);

// The steps of several suites, one for each side of a comparison. Two repetitions are a block: each load cell's sides run in a
// drawn order and then in the reverse of it (ABBA or BAAB; ABCCBA), so that a steady drift falls on all sides alike and nobody
// can foresee who comes first. The cells of a block come in a drawn order, too.
std::vector<Step> interleaved_schedule(const std::vector<const Suite*>& sides, std::uint64_t seed);

}  // namespace tare
