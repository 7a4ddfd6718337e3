// SPDX-License-Identifier: Apache-2.0
// A suite's work in the order in which it is done: every lockstep cell once, then pass after pass over the load cells, each
// pass in a random order of its own, so that what drifts over a run falls on all of them alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/suite.h"

namespace tare {

struct Step {
    std::size_t cell = 0;          // index in the suite
    std::uint64_t repetition = 0;  // of a load cell
    std::string stage;             // what several steps in a row have in common, for progress
    double expected_s = 0;         // a rough guess, only to say how much time is left
};

std::vector<Step> steps_of(const Suite& suite, std::uint64_t seed);

}  // namespace tare
