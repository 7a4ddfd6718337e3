// SPDX-License-Identifier: Apache-2.0
// Wiring `sqpoll`: a kernel thread takes submissions and the server awaits completions without sleeping: no system call while
// requests come, and a second core that is never idle.
#pragma once

#include "servers/uring/multishot.h"

namespace tare::uring {

struct Sqpoll : Multishot {
    static constexpr std::string_view name = "sqpoll";
    static constexpr std::string_view description = "io_uring, a kernel thread submits, completions are spun for";
    static constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SQPOLL;
    static constexpr bool polls = true;
};

}  // namespace tare::uring
