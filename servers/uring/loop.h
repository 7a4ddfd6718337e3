// SPDX-License-Identifier: Apache-2.0
// The completion loop: submit what was pushed and wait in one call, handle each completion, push what follows from it.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/error.h"
#include "servers/calls.h"
#include "servers/listener.h"
#include "servers/options.h"
#include "servers/uring/connection.h"
#include "servers/uring/provided_buffers.h"
#include "servers/uring/ring.h"

namespace tare::uring {

template <class Wiring, class Path>
class Loop {
public:
    Loop(const Listener& listener, Path& path, const ServerOptions& options)
        : listener_fd_(listener.fd.get()),
          path_(path),
          ring_(options.ring_entries, options.completion_entries, Wiring::setup_flags),
          buffers_(ring_.raw(), options.provided_buffers) {}

    void run() {
        push_accept();
        while (stop_requested == 0) {
            ring_.submit_and_wait([this](Tag tag, const io_uring_cqe& cqe) { on_completion(tag, cqe); });
        }
    }

private:
    void on_completion(Tag tag, const io_uring_cqe& cqe) {
        if (tag.opcode == IORING_OP_ACCEPT) {
            on_accept(cqe);
            return;
        }
        Connection& connection = *connections_[tag.connection];
        if (tag.opcode == IORING_OP_RECV) {
            on_received(connection, cqe);
        } else {
            on_sent(connection, cqe);
        }
        proceed(connection, tag.connection);
    }

    void push_accept() {
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_multishot_accept(sqe, listener_fd_, nullptr, nullptr, SOCK_CLOEXEC);
        ring_.push(sqe, 0);
    }

    void on_accept(const io_uring_cqe& cqe) {
        if ((cqe.flags & IORING_CQE_F_MORE) == 0) push_accept();
        if (cqe.res < 0) return;  // the client went away, or no descriptor is left: the others are served
        set_no_delay(cqe.res);
        const std::uint32_t slot = free_slot();
        connections_[slot] = std::make_unique<Connection>(cqe.res);
        push_receive(*connections_[slot], slot);
    }

    std::uint32_t free_slot() {
        if (free_slots_.empty()) {
            connections_.emplace_back();
            return static_cast<std::uint32_t>(connections_.size() - 1);
        }
        const std::uint32_t slot = free_slots_.back();
        free_slots_.pop_back();
        return slot;
    }

    void push_receive(Connection& connection, std::uint32_t slot) {
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_recv(sqe, connection.fd, nullptr, 0, 0);
        sqe->flags |= IOSQE_BUFFER_SELECT;
        sqe->buf_group = ProvidedBuffers::group;
        ring_.push(sqe, slot);
        connection.receive_in_flight = true;
    }

    void on_received(Connection& connection, const io_uring_cqe& cqe) {
        connection.receive_in_flight = false;
        if (cqe.res > 0) {
            const auto received_bytes = static_cast<std::size_t>(cqe.res);
            Ledger::received(received_bytes);
            const std::uint16_t buffer = ProvidedBuffers::index_of(cqe);
            connection.input.append(Hop::provided_to_accum, {buffers_.data(buffer), received_bytes});
            buffers_.give_back(buffer);
        } else if (cqe.res == 0) {
            connection.peer_closed = true;
        } else if (cqe.res != -ENOBUFS) {  // no buffer was free: every one is back by now, so the receive is repeated
            connection.failed = true;
        }
    }

    void push_send(Connection& connection, std::uint32_t slot) {
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_send(sqe, connection.fd, connection.sending.view().data(), connection.sending.size_bytes(), MSG_NOSIGNAL);
        ring_.push(sqe, slot);
        connection.send_in_flight = true;
    }

    void on_sent(Connection& connection, const io_uring_cqe& cqe) {
        connection.send_in_flight = false;
        if (cqe.res < 0) {
            connection.failed = true;
            return;
        }
        Ledger::sent(static_cast<std::size_t>(cqe.res));
        connection.sending.consume(static_cast<std::size_t>(cqe.res));
    }

    void proceed(Connection& connection, std::uint32_t slot) {
        if (connection.done()) {
            close_when_idle(connection, slot);
            return;
        }
        serve(connection);
        if (!connection.send_in_flight) {
            if (connection.sending.empty()) swap(connection.sending, connection.output);
            if (!connection.sending.empty()) push_send(connection, slot);
        }
        if (!connection.receive_in_flight && connection.wants_input()) push_receive(connection, slot);
        if (connection.done()) close_when_idle(connection, slot);
    }

    void serve(Connection& connection) {
        if (connection.closing) return;
        const Served served = path_.serve(connection.session, connection.input.view(), connection.output);
        connection.input.consume(served.consumed_bytes);
        connection.unserved = served.next == Next::drain;
        connection.closing = served.next == Next::close;
    }

    // The slot must not be used again while the kernel holds a request of it: a shutdown makes each of them complete.
    void close_when_idle(Connection& connection, std::uint32_t slot) {
        if (connection.in_flight()) {
            if (!connection.shut_down) calls::shutdown(connection.fd);
            connection.shut_down = true;
            return;
        }
        if (connection.failed) Ledger::dismissed();
        calls::close(connection.fd);
        connections_[slot].reset();
        free_slots_.push_back(slot);
    }

    int listener_fd_;
    Path& path_;
    Ring ring_;
    ProvidedBuffers buffers_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<std::uint32_t> free_slots_;
};

}  // namespace tare::uring
