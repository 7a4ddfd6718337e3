// SPDX-License-Identifier: Apache-2.0
// Wiring `edge_drain`: edge-triggered epoll as its manual asks for it: read until EAGAIN, which costs a call to learn that
// nothing is there.
#pragma once

#include <sys/epoll.h>

#include "servers/epoll/level.h"

namespace tare::epoll {

struct EdgeDrain : Level {
    static constexpr std::string_view name = "edge_drain";
    static constexpr std::string_view description = "epoll, edge-triggered, read until EAGAIN";
    static constexpr std::uint32_t trigger = EPOLLET;

    static constexpr bool reads_again(std::size_t /*received_bytes*/, std::size_t /*room_bytes*/) { return true; }

    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes, SystemCall send) {
        return Level::cost(input_bytes, reply_bytes, send).call(SystemCall::recvfrom);
    }
};

}  // namespace tare::epoll
