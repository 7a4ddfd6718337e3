// SPDX-License-Identifier: Apache-2.0
// Wiring `multishot`: one receive entry stays armed and completes for each arrival, so a request costs no entry to receive.
#pragma once

#include "servers/uring/lent_buffers.h"

namespace tare::uring {

struct Multishot : LentBuffers {
    static constexpr std::string_view name = "multishot";
    static constexpr std::string_view description = "io_uring, one receive entry for many requests";
    static constexpr bool multishot = true;
};

}  // namespace tare::uring
