// SPDX-License-Identifier: Apache-2.0
// The runs of a command: in some everything is counted, in others it is timed, and never both.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/bench/command_subject.h"
#include "harness/trace/site_rows.h"
#include "probes/counters/user_counter.h"
#include "run/observation.h"

namespace tare {

// The rows of all counted runs, a repetition each. A run that ends otherwise than it should is absent, with how it ended; so are
// all of a command that cannot be executed. Both are also added to `warnings`. `folded` takes its stacks where call sites are
// counted.
std::vector<Observation> count_runs(const Cell& cell, const CommandSubject& command, const std::vector<UserCounter>& counters,
                                    std::vector<std::string>& warnings, FoldedStacks& folded);

// The rows of one timed run; absent likewise.
std::vector<Observation> time_run(const Cell& cell, const CommandSubject& command, std::uint64_t repetition,
                                  std::vector<std::string>& warnings);

}  // namespace tare
