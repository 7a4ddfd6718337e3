// SPDX-License-Identifier: Apache-2.0
// Probe `copies`: every memcpy, memmove, mempcpy and memset that the target calls in a C library, shared or its own.
#pragma once

#include <memory>

#include "probes/attach/uprobes.h"
#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs, or when it cannot be known which code a process calls
// (copy_entries.h).
std::unique_ptr<Probe> attach_copies(const Target& target);
// The same by a given way, for the test of both.
std::unique_ptr<Probe> attach_copies(const Target& target, UprobeWay way);

}  // namespace tare
