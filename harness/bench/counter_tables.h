// SPDX-License-Identifier: Apache-2.0
// A suite's tables [counter.NAME]: functions or a USDT probe of its servers and commands, which are counted as a metric of that
// name.
#pragma once

#include <vector>

#include "core/config_table.h"
#include "probes/counters/user_counter.h"

namespace tare {

// Adds those of the table `counter`. Throws usage_error with the line and what is allowed.
void add_counters(std::vector<UserCounter>& all, const ConfigTable& counters);

// Adds those of an included suite; a name that stands for the same in both comes once. Throws usage_error when it does not.
void include_counters(std::vector<UserCounter>& all, const std::vector<UserCounter>& others);

}  // namespace tare
