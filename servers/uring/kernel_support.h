// SPDX-License-Identifier: Apache-2.0
// What a wiring needs of the kernel's io_uring, asked before anything is served: what is missing is named with the version of
// Linux that brought it. Multishot receive and accept, direct accept and provided buffers cannot be asked for; each came with or
// before the set-up flag SINGLE_ISSUER (6.0), which every wiring has.
#pragma once

#include <liburing.h>

#include <cstdint>
#include <span>
#include <string>

namespace tare::uring {

// IORING_FEAT_RECVSEND_BUNDLE of struct io_uring_params, which the header of liburing 2.3 does not name yet.
inline constexpr unsigned feature_receive_bundle = 1U << 14;

// The first of these set-up flags that the kernel does not know, and since when there is one: `IORING_SETUP_DEFER_TASKRUN, which
// came with Linux 6.1`. Empty when it knows all.
std::string unknown_setup_flag(unsigned flags);

// Throws cannot_measure naming the first of these IORING_FEAT_ bits, or of these opcodes, that the ring's kernel does not have.
void require_features(const io_uring& ring, unsigned features);
void require_opcodes(io_uring& ring, std::span<const std::uint8_t> opcodes);

}  // namespace tare::uring
