// SPDX-License-Identifier: Apache-2.0
// Probe `allocations`: every call of the malloc family, in each file of the target that defines it.
#pragma once

#include <memory>

#include "probes/attach/uprobes.h"
#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs, or when a process's allocator cannot be found.
std::unique_ptr<Probe> attach_allocations(const Target& target);
// The same by a given way, for the test of both.
std::unique_ptr<Probe> attach_allocations(const Target& target, UprobeWay way);

}  // namespace tare
