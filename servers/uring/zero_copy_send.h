// SPDX-License-Identifier: Apache-2.0
// Wiring `zero_copy_send`: replies above a size are sent without a copy into the kernel, at the price of a second completion
// that tells when their bytes are free. On loopback the kernel copies anyway when the client receives.
#pragma once

#include "servers/uring/multishot.h"

namespace tare::uring {

struct ZeroCopySend : Multishot {
    static constexpr std::string_view name = "zero_copy_send";
    static constexpr std::string_view description = "io_uring, large replies sent without a copy in the kernel";
    static constexpr std::size_t zero_copy_bytes = 4096;
};

}  // namespace tare::uring
