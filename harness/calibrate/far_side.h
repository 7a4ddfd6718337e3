// SPDX-License-Identifier: Apache-2.0
// The clients of a round, on their own core: each takes the reply to its last request and asks anew. There are two halves of
// connections; the near side, which is timed, serves one while the far side asks on the other, because two cores that both
// work slow each other down, as they do under load.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "harness/calibrate/loopback_pairs.h"
#include "harness/calibrate/peer_thread.h"

namespace tare::calibration {

class FarSide {
public:
    static constexpr std::size_t half_count = 2;
    static constexpr std::size_t connections_of_half = LoopbackPairs::count / half_count;

    FarSide(int cpu, std::size_t request_bytes, std::size_t reply_bytes);

    // Returns when every connection of the next half has asked, its requests in the near side's sockets whole where a socket
    // had room; the far side goes on with the other half, whose replies must all be sent by then. Returns the half, 0 or 1.
    // Throws run_failed when a connection stands still.
    std::size_t next_half();

    std::span<const OwnedFd> near_ends(std::size_t half) const {
        return pairs_.near_ends().subspan(half * connections_of_half, connections_of_half);
    }
    std::size_t request_bytes() const { return request_.size(); }
    std::span<const char> reply() const { return reply_; }

private:
    void ask();

    LoopbackPairs pairs_;
    std::vector<char> request_;
    std::vector<char> reply_;
    std::vector<char> received_;
    std::size_t turn_ = 0;    // of the peer
    std::size_t served_ = 0;  // halves that the near side was given
    PeerThread peer_;         // last: it ends before what it uses
};

}  // namespace tare::calibration
