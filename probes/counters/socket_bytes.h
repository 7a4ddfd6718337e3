// SPDX-License-Identifier: Apache-2.0
// Probe `socket_bytes`: the bytes that the kernel copied between the target and its sockets.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// Throws cannot_measure when the kernel refuses the programs.
std::unique_ptr<Probe> attach_socket_bytes(const Target& target);

}  // namespace tare
