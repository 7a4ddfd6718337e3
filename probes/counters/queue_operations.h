// SPDX-License-Identifier: Apache-2.0
// Probe `queue_operations`: every io_uring submission and completion of the target, by opcode, with overflows and punts to io-wq
// apart.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs.
std::unique_ptr<Probe> attach_queue_operations(const Target& target);

}  // namespace tare
