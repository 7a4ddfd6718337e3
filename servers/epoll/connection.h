// SPDX-License-Identifier: Apache-2.0
// One client of an epoll server.
#pragma once

#include <algorithm>
#include <cstddef>

#include "servers/path/byte_buffer.h"
#include "servers/path/served.h"

namespace tare::epoll {

template <class Output>
struct Connection {
    explicit Connection(int socket_fd) : fd(socket_fd) {}

    int fd;  // closed by the loop, which counts the call
    ByteBuffer input;
    Output output;
    Session session;
    bool waits_to_send = false;  // watched for room to send, not for input
    bool hung_up = false;        // the end of the stream is announced (wirings that ask for it): read up to it
    bool peer_closed = false;
    bool closing = false;  // serve nothing more
    bool failed = false;

    bool readable() const { return !peer_closed && !closing && !failed; }
    bool finished() const { return failed || ((peer_closed || closing) && output.empty()); }
    void fail() { failed = true; }

    // Makes room for the rest of an announced request; returns how many bytes to read, never more than the 64 KiB of
    // the reference document's buffer.
    std::size_t make_room() {
        const std::size_t held_bytes = input.size_bytes();
        input.reserve(std::max(session.needed_bytes, held_bytes + 1) - held_bytes);
        return std::min(input.free_bytes(), buffer_bytes);
    }
};

}  // namespace tare::epoll
