// SPDX-License-Identifier: Apache-2.0
// What this machine can measure, found by trying, and how to mend what it cannot.
#pragma once

#include <vector>

#include "harness/bench/finding.h"

namespace tare {

// First the machine and what confines this process, then the servers, then the probes.
std::vector<Finding> diagnose();

}  // namespace tare
