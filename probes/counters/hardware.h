// SPDX-License-Identifier: Apache-2.0
// Probe `hardware`: what a process made the processor do, by the processor's own counters. For windows that are timed: a probe's
// trap would be counted with the program.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure for a tree, and where the machine has no such counters.
std::unique_ptr<Probe> attach_hardware(const Target& target);

}  // namespace tare
