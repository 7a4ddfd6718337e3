// SPDX-License-Identifier: Apache-2.0
// Wiring `edge_short_read`: edge-triggered, but a read that did not fill its room has emptied the socket (epoll(7), "Do I
// need to continuously read"): no call is spent to learn it. The end of the stream may hide behind such a read, so it is
// watched for by itself.
#pragma once

#include "servers/epoll/edge_drain.h"

namespace tare::epoll {

struct EdgeShortRead : EdgeDrain {
    static constexpr std::string_view name = "edge_short_read";
    static constexpr std::string_view description = "epoll, edge-triggered, read until a read comes short";

    static constexpr std::uint32_t trigger = EPOLLET | EPOLLRDHUP;

    static constexpr bool reads_again(std::size_t received_bytes, std::size_t room_bytes) { return received_bytes == room_bytes; }

    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes, SystemCall send) {
        return Level::cost(input_bytes, reply_bytes, send);
    }
};

}  // namespace tare::epoll
