// SPDX-License-Identifier: Apache-2.0
// Wiring `level`: level-triggered epoll, one read for each readiness, no probe for EAGAIN. The seed's mio column:
// `epoll_wait`, `read`, `write`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "servers/path/request_path.h"

namespace tare::epoll {

struct Level {
    static constexpr std::string_view name = "level";
    static constexpr std::string_view description = "epoll, level-triggered, one read for each readiness";
    static constexpr std::uint32_t trigger = 0;

    static constexpr bool reads_again(std::size_t /*received_bytes*/, std::size_t /*room_bytes*/) { return false; }

    static constexpr Counts cost(std::size_t /*request_bytes*/, std::size_t reply_bytes) {
        return Counts{}.call(SystemCall::epoll_wait).call(SystemCall::recvfrom).call(SystemCall::sendto, reply_bytes > 0 ? 1 : 0);
    }
};

}  // namespace tare::epoll
