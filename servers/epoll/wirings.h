// SPDX-License-Identifier: Apache-2.0
// The epoll wirings: the decisions that the loop is instantiated with, and what each wiring costs. `Level` states all of them;
// each other wiring re-states some.
#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/counts.h"

namespace tare::epoll {

// `level`: level-triggered epoll, one read for each readiness, no probe for EAGAIN. The reference document's mio column:
// `epoll_wait`, `read`, `write`.
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

// `edge_drain`: edge-triggered epoll as its manual asks for it: read until EAGAIN, which costs a call to learn that
// nothing is there.
struct EdgeDrain : Level {
    static constexpr std::string_view name = "edge_drain";
    static constexpr std::string_view description = "epoll, edge-triggered, read until EAGAIN";
    static constexpr std::uint32_t trigger = EPOLLET;

    static constexpr bool reads_again(std::size_t /*received_bytes*/, std::size_t /*room_bytes*/) { return true; }

    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes, SystemCall send) {
        return Level::cost(input_bytes, reply_bytes, send).call(SystemCall::recvfrom);
    }
};

// `edge_short_read`: edge-triggered, but a read that did not fill its room has emptied the socket (epoll(7), "Do I
// need to continuously read"): no call is spent to learn it. The end of the stream may hide behind such a read, so it is
// watched for by itself.
struct EdgeShortRead : EdgeDrain {
    static constexpr std::string_view name = "edge_short_read";
    static constexpr std::string_view description = "epoll, edge-triggered, read until a read comes short";

    static constexpr std::uint32_t trigger = EPOLLET | EPOLLRDHUP;

    static constexpr bool reads_again(std::size_t received_bytes, std::size_t room_bytes) { return received_bytes == room_bytes; }

    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes, SystemCall send) {
        return Level::cost(input_bytes, reply_bytes, send);
    }
};

// `rearm`: the interest is flipped to writable for each reply and back, as event loops with one interest a socket do
// it: two `epoll_ctl` and one `epoll_wait` more.
struct Rearm : Level {
    static constexpr std::string_view name = "rearm";
    static constexpr std::string_view description = "epoll, level-triggered, interest flipped to send each reply";
    static constexpr bool waits_before_sending = true;

    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes, SystemCall send) {
        const std::uint64_t flips = reply_bytes > 0 ? 1 : 0;
        return Level::cost(input_bytes, reply_bytes, send)
            .call(SystemCall::epoll_ctl, 2 * flips)
            .call(SystemCall::epoll_wait, flips);
    }
};

}  // namespace tare::epoll
