// SPDX-License-Identifier: Apache-2.0
// Probe `task_switches`: the kernel's own count of context switches, from /proc/PID/task. The second independent counter of
// `switches`; it needs no privilege.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws run_failed when there is no such process.
std::unique_ptr<Probe> attach_task_switches(const Target& target);

}  // namespace tare
