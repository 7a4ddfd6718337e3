// SPDX-License-Identifier: Apache-2.0
// What a run depended on: machine, kernel, build, probes and what they cost. Two runs are comparable only if it is alike.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/bench/suite.h"
#include "harness/process/cpu_affinity.h"

namespace tare {

// The part that is known before the run; results/README.md describes the fields. Times each probe's cost, which takes
// about a second.
nlohmann::json describe_environment(const Suite& suite, const Pinning& pinning);

}  // namespace tare
