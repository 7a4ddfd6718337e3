// SPDX-License-Identifier: Apache-2.0
// Wiring `skip_send_cqe`: a send that was taken whole completes in silence. Safe with MSG_WAITALL and MSG_DONTWAIT together
// only (checked on Linux 6.18): then each send is retired when the enter that submitted it returns, and what was not taken
// comes back as a completion, to be sent again with one.
#pragma once

#include "servers/uring/multishot.h"

namespace tare::uring {

struct SkipSendCqe : Multishot {
    static constexpr std::string_view name = "skip_send_cqe";
    static constexpr std::string_view description = "io_uring, sends complete in silence";
    static constexpr unsigned features = IORING_FEAT_CQE_SKIP;
    static constexpr bool skips_send_cqe = true;
};

}  // namespace tare::uring
