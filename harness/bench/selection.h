// SPDX-License-Identifier: Apache-2.0
// Which cells of a suite are run, and how much work that is.
#pragma once

#include <cstddef>
#include <string>

#include "harness/bench/suite.h"

namespace tare {

// Leaves the cells and contrasts whose names match the regular expression; all of them where it is empty. Throws usage_error for
// one that is none, and when nothing is left.
void keep_only(Suite& suite, const std::string& pattern);

struct PlannedWork {
    std::size_t cells = 0;
    std::size_t contrasts = 0;
    std::size_t steps = 0;        // a server or command started, and its windows
    std::size_t timed_steps = 0;  // those of them whose windows have a length, which load_s sums up
    double load_s = 0;            // warm-ups and windows of load
    double contrasts_max_s = 0;   // their budgets
};

PlannedWork planned_work(const Suite& suite);

}  // namespace tare
