// SPDX-License-Identifier: Apache-2.0
// Probe `cpu_time`: what a process, or a tree of processes that keeps their times, used of the cores, by the kernel's own
// account. io_uring's submission and worker threads belong to the process that made the ring (Linux 5.12 and later), so they are
// in it.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel does not tell.
std::unique_ptr<Probe> attach_cpu_time(const Target& target);

}  // namespace tare
