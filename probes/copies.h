// SPDX-License-Identifier: Apache-2.0
// Probe `copies`: every memcpy, memmove, mempcpy and memset that the target calls in its C library.
#pragma once

#include <memory>

#include "probes/probe.h"
#include "probes/uprobes.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs, or when the target does not run on the C library of this
// process: the functions are IFUNCs, and only a process that uses the same file knows which version was chosen.
std::unique_ptr<Probe> attach_copies(pid_t pid);
// The same by a given way, for the test of both.
std::unique_ptr<Probe> attach_copies(pid_t pid, UprobeWay way);

}  // namespace tare
