// SPDX-License-Identifier: Apache-2.0
// Probe `page_faults`: how often a process touched memory that was not mapped to it yet, by the kernel's own account.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure for a tree, and when the kernel does not tell.
std::unique_ptr<Probe> attach_page_faults(const Target& target);

}  // namespace tare
