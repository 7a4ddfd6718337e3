// SPDX-License-Identifier: Apache-2.0
// Wiring `bundle`: one receive may fill several provided buffers and complete once for all of them (Linux 6.10).
#pragma once

#include "servers/uring/kernel_support.h"
#include "servers/uring/lent_buffers.h"

namespace tare::uring {

struct Bundle : LentBuffers {
    static constexpr std::string_view name = "bundle";
    static constexpr std::string_view description = "io_uring, one completion for several buffers";
    static constexpr unsigned features = feature_receive_bundle;
    static constexpr bool bundles = true;
};

}  // namespace tare::uring
