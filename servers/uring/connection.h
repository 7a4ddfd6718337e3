// SPDX-License-Identifier: Apache-2.0
// One client of an io_uring server. Its slot is free again only when the kernel holds none of its requests.
#pragma once

#include "servers/path/byte_buffer.h"
#include "servers/path/served.h"

namespace tare::uring {

struct Connection {
    explicit Connection(int socket_fd) : fd(socket_fd) {}

    int fd;  // closed by the loop, which counts the call
    ByteBuffer input;
    ByteBuffer output;   // replies that wait
    ByteBuffer sending;  // replies that the kernel reads from: it must not move until the send completes
    Session session;
    bool receive_in_flight = false;
    bool send_in_flight = false;
    bool peer_closed = false;
    bool unserved = false;  // serving stopped for the output's sake: whole requests may wait in the input
    bool closing = false;   // serve nothing more
    bool failed = false;
    bool shut_down = false;

    bool wants_input() const { return !peer_closed && !closing && !failed && output.size_bytes() <= output_bytes_max; }
    bool done() const { return failed || ((peer_closed || closing) && !unserved && output.empty() && sending.empty()); }
    bool in_flight() const { return receive_in_flight || send_in_flight; }
};

}  // namespace tare::uring
