// SPDX-License-Identifier: Apache-2.0
// Probe `fdinfo`: the tails of the target's io_uring queues, as the kernel shows them in /proc. The third independent counter of
// queue operations; it needs no privilege on a process of one's own.
#pragma once

#include <memory>

#include "probes/counters/probe.h"

namespace tare {

// A process without a ring has put nothing into any: its counts are 0, and say so as long as /proc can be read. Throws
// cannot_measure on a kernel that does not show the tails.
std::unique_ptr<Probe> attach_fdinfo(const Target& target);

}  // namespace tare
