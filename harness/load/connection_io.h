// SPDX-License-Identifier: Apache-2.0
// Moves the bytes of one thread's connections: what is unsent to the server, what comes to whoever verifies it. The two kinds
// are EpollIo and UringIo.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "harness/load/client_io.h"
#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"

namespace tare {

class ConnectionIo {
public:
    // Who is told what came, by the connection's place.
    class Receiver {
    public:
        // The bytes are the receiver's until it returns. `now_ns`, by monotonic_ns(), is when they were there.
        virtual void received(std::uint32_t connection, std::string_view bytes, std::uint64_t now_ns) = 0;
        // What is unsent on the connection, whose socket was full, can be sent now: send() may be called for it.
        virtual void can_send(std::uint32_t connection) = 0;
        // The server has closed the connection. Throws.
        virtual void closed(std::uint32_t connection) = 0;

    protected:
        ~Receiver() = default;
    };

    ConnectionIo() = default;
    ConnectionIo(const ConnectionIo&) = delete;
    ConnectionIo& operator=(const ConnectionIo&) = delete;
    virtual ~ConnectionIo() = default;

    // open() is called on the thread that calls all that follows, close() at last; neither while something is in flight.
    virtual void open() {}
    virtual void close() {}

    // What is unsent on the connection is sent, now or by the next wait(); until then more may be appended. Throws run_failed
    // when the server has closed it.
    virtual void send(std::uint32_t connection) = 0;
    // Sleeps until something came, at most so long, and hands all that came to `receiver`. Throws run_failed.
    virtual void wait(std::uint64_t timeout_ns, Receiver& receiver) = 0;

    // What the sockets have taken since open().
    std::uint64_t sent_bytes() const { return sent_bytes_; }

protected:
    std::uint64_t sent_bytes_ = 0;
};

// `connections` must outlive it, where they are.
std::unique_ptr<ConnectionIo> make_connection_io(ClientIo io, const LoadPlan& plan, std::span<LoadConnection> connections);

}  // namespace tare
