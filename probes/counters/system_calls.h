// SPDX-License-Identifier: Apache-2.0
// Probe `system_calls`: every system call that the target enters, by name, with EAGAIN, short and empty results apart.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs.
std::unique_ptr<Probe> attach_system_calls(const Target& target);

}  // namespace tare
