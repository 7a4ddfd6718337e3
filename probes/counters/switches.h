// SPDX-License-Identifier: Apache-2.0
// Probe `switches`: how often a thread of the target left its core, by its own will or not.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs.
std::unique_ptr<Probe> attach_switches(const Target& target);

}  // namespace tare
