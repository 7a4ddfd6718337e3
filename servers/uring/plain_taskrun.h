// SPDX-License-Identifier: Apache-2.0
// Wiring `plain_taskrun`: without DEFER_TASKRUN the kernel runs completion work whenever it interrupts the server, not only when
// the server waits for it.
#pragma once

#include "servers/uring/multishot.h"

namespace tare::uring {

struct PlainTaskrun : Multishot {
    static constexpr std::string_view name = "plain_taskrun";
    static constexpr std::string_view description = "io_uring, completion work at any moment";
    static constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER;
};

}  // namespace tare::uring
