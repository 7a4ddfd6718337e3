// SPDX-License-Identifier: Apache-2.0
// Established connections on 127.0.0.1 as a server under load has them: 64, without delay, each end in an epoll set of its
// side. The near end is the server's, the far end its client's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/owned_fd.h"

namespace tare::calibration {

class LoopbackPairs {
public:
    static constexpr std::size_t count = 64;

    // Throws run_failed with the system call that was refused.
    LoopbackPairs();

    std::span<const OwnedFd> near_ends() const { return near_; }
    std::span<const OwnedFd> far_ends() const { return far_; }
    int near_epoll() const { return near_epoll_.get(); }

    // Asks the far side's set once, so that what was read is no longer listed there as ready: the next arrival lists it anew.
    void forget_far_readiness() const;

private:
    void connect_one(int listener_fd, std::uint16_t port);

    OwnedFd near_epoll_;
    OwnedFd far_epoll_;
    std::vector<OwnedFd> near_;
    std::vector<OwnedFd> far_;
};

// Each throws run_failed when the socket does not take, or does not have, all of it: the far side's ways, waiting for a
// moment where need be.
void send_all(int fd, std::span<const char> bytes);
void receive_all(int fd, std::span<char> buffer, std::size_t size_bytes);

}  // namespace tare::calibration
