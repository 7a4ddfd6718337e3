// SPDX-License-Identifier: Apache-2.0
// Wiring `linked`: the next receive is linked behind the send. Reference document, "io_uring: Link read→process→write". Both are
// entries and both complete, so no queue operation is saved; it is here to be counted.
#pragma once

#include "servers/uring/oneshot.h"

namespace tare::uring {

struct Linked : Oneshot {
    static constexpr std::string_view name = "linked";
    static constexpr std::string_view description = "io_uring, the receive linked behind the send";
    static constexpr bool links_send = true;
};

}  // namespace tare::uring
