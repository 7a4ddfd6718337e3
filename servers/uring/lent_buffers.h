// SPDX-License-Identifier: Apache-2.0
// Wiring `lent_buffers`: requests are parsed in the provided buffer, which goes back when they are served. Reference document,
// "io_uring: Eliminate accum→input_copy", for the other copy: provided→accum goes, unless a request is cut.
#pragma once

#include "servers/uring/oneshot.h"

namespace tare::uring {

struct LentBuffers : Oneshot {
    static constexpr std::string_view name = "lent_buffers";
    static constexpr std::string_view description = "io_uring, parsed in the provided buffer";
    static constexpr bool lends_buffers = true;
};

}  // namespace tare::uring
