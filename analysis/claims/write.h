// SPDX-License-Identifier: Apache-2.0
// A first file of claims from what a run counted, to be read and edited.
#pragma once

#include <string>

#include "run/run_reader.h"

namespace tare {

// A claim for each server, operation and metric that the run counted in lockstep: system calls, queue operations of a server that
// has any, allocations and copies, with their parts, and call sites where the run has them. What is the same in every window is
// exact; what is not is bounded by whole numbers. What was not counted is a comment with its reason. Throws data_refused where
// nothing was counted.
std::string claims_from_run(const Run& run);

}  // namespace tare
