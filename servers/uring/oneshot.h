// SPDX-License-Identifier: Apache-2.0
// Wiring `oneshot`: one receive entry for each read into a provided buffer, one send entry for each write. The seed's
// io_uring column: SQ push (read), CQ pop, SQ push (write), CQ pop, and the copy out of the provided buffer.
#pragma once

#include <liburing.h>

#include <string_view>

#include "core/counts.h"

namespace tare::uring {

struct Oneshot {
    static constexpr std::string_view name = "oneshot";
    static constexpr std::string_view description = "io_uring, one receive and one send entry for each request";
    static constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

    // In lockstep a send completes while it is submitted and so ends the wait that was meant for the next request:
    // a request with a reply takes two enters.
    static constexpr Counts cost(std::size_t request_bytes, std::size_t reply_bytes) {
        const unsigned sends = reply_bytes > 0 ? 1 : 0;
        return Counts{}
            .call(SystemCall::io_uring_enter, 1 + sends)
            .sqe(IORING_OP_RECV)
            .cqe(IORING_OP_RECV)
            .sqe(IORING_OP_SEND, sends)
            .cqe(IORING_OP_SEND, sends)
            .copy(Hop::provided_to_accum, request_bytes);
    }
};

}  // namespace tare::uring
