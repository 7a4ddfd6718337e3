// SPDX-License-Identifier: Apache-2.0
// Probe `allocations`: every call of the malloc family, in the library that serves the target.
#pragma once

#include <memory>

#include "probes/probe.h"
#include "probes/uprobes.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs, or when the target's allocator cannot be found.
std::unique_ptr<Probe> attach_allocations(pid_t pid);
// The same by a given way, for the test of both.
std::unique_ptr<Probe> attach_allocations(pid_t pid, UprobeWay way);

}  // namespace tare
