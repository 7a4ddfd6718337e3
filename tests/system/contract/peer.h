// SPDX-License-Identifier: Apache-2.0
// A client that sends bytes as it is told, cut where it is told, and reads all that comes until the server closes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/owned_fd.h"

namespace tare {

class Peer {
public:
    // Throws run_failed when nothing listens there.
    explicit Peer(std::uint16_t port);

    // Each call is a segment of its own (TCP_NODELAY). Throws run_failed when the server takes nothing for five seconds;
    // a connection that the server has closed swallows it.
    void send(std::string_view bytes) const;
    // Nothing more will be sent; the other direction stays open.
    void half_close() const;
    // What comes until the server closes. Throws run_failed when it has not after five seconds of silence.
    std::string read_to_end() const;

    int fd() const { return fd_.get(); }

private:
    OwnedFd fd_;
};

// All that the server on `port` answers to `request` until it closes; with `half_close` the client ends first.
std::string reply_to(std::uint16_t port, std::string_view request, bool half_close = false);

}  // namespace tare
