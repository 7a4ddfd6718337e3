// SPDX-License-Identifier: Apache-2.0
// One client of an io_uring server. Its slot is free again only when the kernel holds none of its requests.
#pragma once

#include <cstddef>
#include <cstdint>

#include "servers/path/byte_buffer.h"
#include "servers/path/served.h"

namespace tare::uring {

template <class Output>
struct Connection {
    explicit Connection(int socket_fd) : fd(socket_fd) {}

    int fd;  // a descriptor of the process, or an index into the ring's table; closed by the loop, which counts it
    ByteBuffer input;
    Output output;   // replies that wait
    Output sending;  // replies that the kernel reads from: it must not move until the send is retired
    Session session;

    std::size_t submitted_bytes = 0;        // of `sending`, by the send in flight
    std::size_t taken_bytes = 0;            // by a zero-copy send whose notification is still to come
    std::uint32_t send_position = 0;        // of the send without completion in flight, in the submission queue
    bool sends_without_completion = false;  // the send in flight tells only of failure
    bool socket_full = false;               // the last send without completion was cut short: the next one waits and tells

    bool receive_in_flight = false;
    bool send_in_flight = false;
    bool cancel_in_flight = false;
    bool peer_closed = false;
    bool unserved = false;  // serving stopped for the output's sake: whole requests may wait in the input
    bool closing = false;   // serve nothing more
    bool failed = false;

    bool wants_input() const { return !peer_closed && !closing && !failed && output.size_bytes() <= output_bytes_max; }
    bool done() const { return failed || ((peer_closed || closing) && !unserved && output.empty() && sending.empty()); }
    bool in_flight() const { return receive_in_flight || send_in_flight || cancel_in_flight; }
};

}  // namespace tare::uring
