// SPDX-License-Identifier: Apache-2.0
// Wiring `rearm`: the interest is flipped to writable for each reply and back, as event loops with one interest a socket do
// it: two `epoll_ctl` and one `epoll_wait` more.
#pragma once

#include "servers/epoll/level.h"

namespace tare::epoll {

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
