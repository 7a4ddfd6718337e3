// SPDX-License-Identifier: Apache-2.0
// Probe `fdinfo`: the tails of the target's io_uring queues, as the kernel shows them in /proc. The third independent counter of
// queue operations; it needs no privilege on a process of one's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include "core/measured.h"
#include "probes/counters/probe.h"

namespace tare {

// How many entries were put into the queues of a ring, modulo 2^32.
struct RingTails {
    Measured<std::uint64_t> sqes = std::uint64_t{0};
    Measured<std::uint64_t> cqes = std::uint64_t{0};
};
// Of the ring that the process has as `descriptor`.
RingTails ring_tails(pid_t pid, int descriptor);

// As the link of a ring's descriptor reads.
inline constexpr const char* ring_link = "anon_inode:[io_uring]";

// A process without a ring has put nothing into any: its counts are 0, and say so as long as /proc can be read. Throws
// cannot_measure on a kernel that does not show the tails.
std::unique_ptr<Probe> attach_fdinfo(const Target& target);

}  // namespace tare
