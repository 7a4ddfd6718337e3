// SPDX-License-Identifier: Apache-2.0
// Wiring `level`: level-triggered epoll, one read for each readiness, no probe for EAGAIN. The reference document's mio column:
// `epoll_wait`, `read`, `write`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/counts.h"

namespace tare::epoll {

struct Level {
    static constexpr std::string_view name = "level";
    static constexpr std::string_view description = "epoll, level-triggered, one read for each readiness";
    static constexpr std::uint32_t trigger = 0;          // flags beside the interest
    static constexpr bool waits_before_sending = false;  // whether the interest is flipped for each reply

    // Whether to read again without waiting, after a read that had room for `room_bytes`.
    static constexpr bool reads_again(std::size_t /*received_bytes*/, std::size_t /*room_bytes*/) { return false; }

    // Of a read with its replies; `send` is the call that sends them.
    static constexpr Counts cost(std::size_t /*input_bytes*/, std::size_t reply_bytes, SystemCall send) {
        return Counts{}.call(SystemCall::epoll_wait).call(SystemCall::recvfrom).call(send, reply_bytes > 0 ? 1 : 0);
    }
};

}  // namespace tare::epoll
