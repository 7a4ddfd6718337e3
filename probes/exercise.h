// SPDX-License-Identifier: Apache-2.0
// The events whose price a probe changes, done over and over by this process: what probe_cost.h times.
#pragma once

#include <cstdint>

namespace tare::exercise {

void getppid(std::uint64_t count);
// One NOP through an io_uring, submitted and reaped. Throws cannot_measure when there is no io_uring.
void uring_nop(std::uint64_t count);
// One byte each way through a pair of sockets.
void socket_byte(std::uint64_t count);
void malloc_free(std::uint64_t count);
void memmove_64(std::uint64_t count);

}  // namespace tare::exercise
