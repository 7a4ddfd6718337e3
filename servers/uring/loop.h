// SPDX-License-Identifier: Apache-2.0
// The completion loop: submit what was pushed and wait in one call, handle each completion, push what follows from it.
// A wiring decides how requests are received and replies sent; a path serves the bytes.
#pragma once

#include <poll.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "servers/calls.h"
#include "servers/listener.h"
#include "servers/options.h"
#include "servers/spare_descriptor.h"
#include "servers/uring/connection.h"
#include "servers/uring/entries.h"
#include "servers/uring/kernel_support.h"
#include "servers/uring/provided_buffers.h"
#include "servers/uring/ring.h"

namespace tare::uring {

template <class Wiring, class Path>
class Loop {
public:
    Loop(const Listener& listener, Path& path, const ServerOptions& options)
        : listener_fd_(listener.fd.get()),
          path_(path),
          ring_(options.ring_entries, options.completion_entries, Wiring::setup_flags, options.poll_cpu, options.poll_idle_ms),
          buffers_(ring_.raw(), options.provided_buffers),
          poll_idle_ns_(std::uint64_t{options.poll_idle_ms} * 1'000'000) {
        require_features(*ring_.raw(), Wiring::features);
        require_opcodes(*ring_.raw(), opcodes);
        if constexpr (Wiring::direct_descriptors) {
            const int result = io_uring_register_files_sparse(ring_.raw(), direct_descriptors_max);
            if (result < 0) throw cannot_measure("io_uring_register_files_sparse: " + error_text(-result));
        }
    }

    // What a read with its replies costs this loop in lockstep. A completion of a send ends a wait that was meant for the next
    // request, which takes another enter; the notification of a zero-copy send is one more.
    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes) {
        const unsigned sends = reply_bytes > 0 ? 1 : 0;
        const bool zero_copy = reply_bytes >= Wiring::zero_copy_bytes;
        const std::uint8_t opcode = send_opcode(Path::Output::send_call, zero_copy);
        const unsigned send_cqes = Wiring::skips_send_cqe ? 0 : sends * (zero_copy ? 2 : 1);
        return Counts{}
            .call(SystemCall::io_uring_enter, Wiring::polls ? 0 : 1 + send_cqes)
            .sqe(IORING_OP_RECV, Wiring::multishot ? 0 : 1)
            .cqe(IORING_OP_RECV)
            .sqe(opcode, sends)
            .cqe(opcode, send_cqes)
            .copy(CopyEdge::provided_to_accum, Wiring::lends_buffers ? 0 : input_bytes);
    }

    bool spins() const { return Wiring::polls && poll_idle_ns_ > 0; }

    void run() {
        push_accept();
        while (stop_requested == 0) {
            if constexpr (Wiring::polls) {
                ring_.spin_and_wait(poll_idle_ns_);
            } else {
                ring_.submit_and_wait(retire_soon_ ? 0 : 1);
                retire_soon_ = false;
            }
            if constexpr (Wiring::skips_send_cqe) retire_sends();
            ring_.reap([this](Tag tag, const io_uring_cqe& cqe) { on_completion(tag, cqe); });
        }
    }

private:
    using Connection = uring::Connection<typename Path::Output>;

    static constexpr unsigned direct_descriptors_max = 16384;
    static constexpr bool sends_zero_copy = Wiring::zero_copy_bytes < std::numeric_limits<std::size_t>::max();

    // Those of which it may submit entries.
    static constexpr std::array<std::uint8_t, 8> opcodes{IORING_OP_ACCEPT,
                                                         IORING_OP_POLL_ADD,
                                                         IORING_OP_RECV,
                                                         IORING_OP_ASYNC_CANCEL,
                                                         send_opcode(Path::Output::send_call, false),
                                                         send_opcode(Path::Output::send_call, sends_zero_copy),
                                                         Wiring::direct_descriptors ? IORING_OP_SHUTDOWN : IORING_OP_NOP,
                                                         Wiring::direct_descriptors ? IORING_OP_CLOSE : IORING_OP_NOP};

    void on_completion(Tag tag, const io_uring_cqe& cqe) {
        switch (tag.opcode) {
            case IORING_OP_ACCEPT:
                on_accept(cqe);
                return;
            case IORING_OP_POLL_ADD:
                push_accept();
                return;
            case IORING_OP_SHUTDOWN:
            case IORING_OP_CLOSE:
                return;
            case IORING_OP_ASYNC_CANCEL:
                connections_[tag.connection]->cancel_in_flight = false;
                break;
            case IORING_OP_RECV:
                on_received(*connections_[tag.connection], cqe);
                break;
            default:
                on_sent(*connections_[tag.connection], cqe);
        }
        advance(tag.connection);
    }

    void push_accept() {
        io_uring_sqe* const sqe = ring_.entry();
        if constexpr (Wiring::direct_descriptors) {
            io_uring_prep_multishot_accept_direct(sqe, listener_fd_, nullptr, nullptr, 0);
        } else {
            io_uring_prep_multishot_accept(sqe, listener_fd_, nullptr, nullptr, SOCK_CLOEXEC);
        }
        ring_.push(sqe, 0);
    }

    // The kernel takes a descriptor before it waits for a client: without a free one an accept would fail again and again.
    void push_accept_when_a_client_waits() {
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_poll_add(sqe, listener_fd_, POLLIN);
        ring_.push(sqe, 0);
    }

    void on_accept(const io_uring_cqe& cqe) {
        if (SpareDescriptor::is_lacked(-cqe.res)) {
            spare_.refuse_one(listener_fd_);
            push_accept_when_a_client_waits();
            return;
        }
        if ((cqe.flags & IORING_CQE_F_MORE) == 0) push_accept();
        if (cqe.res < 0) return;  // that client went away
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

    std::uint32_t push(io_uring_sqe* sqe, std::uint32_t slot) {
        if constexpr (Wiring::direct_descriptors) sqe->flags |= IOSQE_FIXED_FILE;
        return ring_.push(sqe, slot);
    }

    void push_receive(Connection& connection, std::uint32_t slot) {
        io_uring_sqe* const sqe = ring_.entry();
        if constexpr (Wiring::multishot) {
            io_uring_prep_recv_multishot(sqe, connection.fd, nullptr, 0, 0);
        } else {
            io_uring_prep_recv(sqe, connection.fd, nullptr, 0, 0);
        }
        if constexpr (Wiring::bundles) sqe->ioprio |= receive_bundle;
        sqe->flags |= IOSQE_BUFFER_SELECT;
        sqe->buf_group = ProvidedBuffers::group;
        push(sqe, slot);
        connection.receive_in_flight = true;
    }

    void on_received(Connection& connection, const io_uring_cqe& cqe) {
        if ((cqe.flags & IORING_CQE_F_MORE) == 0) connection.receive_in_flight = false;
        if (cqe.res > 0) {
            Ledger::received(static_cast<std::uint64_t>(cqe.res));
            buffers_.take(cqe, [&](std::string_view bytes) { accept_bytes(connection, bytes); });
        } else if (cqe.res == 0) {
            connection.peer_closed = true;
        } else if (cqe.res != -ENOBUFS && cqe.res != -ECANCELED) {
            // Without a free buffer the receive is repeated, when every buffer is back; so it is after a cancel or a broken link.
            connection.failed = true;
        }
    }

    void accept_bytes(Connection& connection, std::string_view bytes) {
        if constexpr (Wiring::lends_buffers) {
            if (connection.input.empty() && !connection.closing) bytes.remove_prefix(serve(connection, bytes));
        }
        connection.input.append(CopyEdge::provided_to_accum, bytes);
    }

    void push_send(Connection& connection, std::uint32_t slot, bool receive_follows) {
        const bool zero_copy = connection.sending.size_bytes() >= Wiring::zero_copy_bytes;
        const bool without_completion = Wiring::skips_send_cqe && !connection.socket_full;
        io_uring_sqe* const sqe = ring_.entry();
        const unsigned flags = MSG_NOSIGNAL | (without_completion ? MSG_WAITALL | MSG_DONTWAIT : 0);
        connection.submitted_bytes = prepare_send(sqe, connection.fd, connection.sending, flags, zero_copy);
        if (without_completion) sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
        if (Wiring::links_send && receive_follows) sqe->flags |= IOSQE_IO_LINK;
        connection.send_position = push(sqe, slot);
        connection.send_in_flight = true;
        connection.sends_without_completion = without_completion;
        if (without_completion) unretired_.push_back({slot, connection.send_position});
    }

    // A send without completion that the kernel took and that left no completion has sent everything.
    void retire_sends() {
        ring_.peek([this](Tag tag) {
            if (tag.opcode == IORING_OP_SEND || tag.opcode == IORING_OP_SENDMSG)
                connections_[tag.connection]->sends_without_completion = false;
        });
        std::size_t kept = 0;
        for (std::size_t index = 0; index < unretired_.size(); ++index) {
            const Unretired send = unretired_[index];
            if (!ring_.taken(send.position)) {
                unretired_[kept++] = send;
                continue;
            }
            Connection* const connection = connections_[send.slot].get();
            if (connection == nullptr || !connection->sends_without_completion || connection->send_position != send.position)
                continue;
            connection->sends_without_completion = false;
            connection->send_in_flight = false;
            Ledger::sent(connection->submitted_bytes);
            connection->sending.consume(connection->submitted_bytes);
            retired_.push_back(send.slot);
        }
        unretired_.resize(kept);
        for (const std::uint32_t slot : retired_) advance(slot);
        retired_.clear();
    }

    void on_sent(Connection& connection, const io_uring_cqe& cqe) {
        if ((cqe.flags & IORING_CQE_F_NOTIF) != 0) {
            connection.send_in_flight = false;
            connection.sending.consume(connection.taken_bytes);
            return;
        }
        connection.sends_without_completion = false;
        connection.socket_full = false;
        connection.taken_bytes = 0;
        if (cqe.res >= 0) {
            connection.taken_bytes = static_cast<std::size_t>(cqe.res);
            Ledger::sent(connection.taken_bytes);
        }
        if (cqe.res < 0 && cqe.res != -EAGAIN) {
            connection.failed = true;
        } else if (Wiring::skips_send_cqe && connection.taken_bytes < connection.submitted_bytes) {
            connection.socket_full = true;
        }
        if ((cqe.flags & IORING_CQE_F_MORE) != 0) return;  // zero copy: the bytes are the kernel's until it says so
        connection.send_in_flight = false;
        connection.sending.consume(connection.taken_bytes);
    }

    void advance(std::uint32_t slot) {
        Connection& connection = *connections_[slot];
        if (!connection.done()) {
            if (!connection.closing && !connection.input.empty())
                connection.input.consume(serve(connection, connection.input.view()));
            push_wanted(connection, slot);
        }
        // A send without completion completes nothing that a wait could end with: when more depends on it, the next enter must
        // not wait.
        const bool more_to_send = !connection.output.empty() || connection.sending.size_bytes() > connection.submitted_bytes;
        if (connection.sends_without_completion &&
            (more_to_send || connection.unserved || connection.peer_closed || connection.closing))
            retire_soon_ = true;
        if (connection.done()) close_when_idle(connection, slot);
    }

    // Serves the whole requests of `bytes`; returns how many bytes they were.
    std::size_t serve(Connection& connection, std::string_view bytes) {
        const Served served = path_.serve(connection.session, bytes, connection.output);
        connection.unserved = served.next == Next::drain && served.consumed_bytes < bytes.size();
        connection.closing = served.next == Next::close;
        return served.consumed_bytes;
    }

    void push_wanted(Connection& connection, std::uint32_t slot) {
        const bool send = !connection.send_in_flight;
        if (send && connection.sending.empty()) swap(connection.sending, connection.output);
        const bool receive = !connection.receive_in_flight && connection.wants_input();
        if (send && !connection.sending.empty()) push_send(connection, slot, receive);
        if (receive) push_receive(connection, slot);
        if (Wiring::multishot && connection.receive_in_flight && !connection.wants_input()) push_cancel(connection, slot);
    }

    // Ends every request of the connection that the kernel holds.
    void push_cancel(Connection& connection, std::uint32_t slot) {
        if (connection.cancel_in_flight) return;
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_cancel64(sqe, Tag{IORING_OP_RECV, slot}.packed(), 0);
        ring_.push(sqe, slot);
        connection.cancel_in_flight = true;
    }

    // The slot must not be used again while the kernel holds a request of it.
    void close_when_idle(Connection& connection, std::uint32_t slot) {
        if (connection.receive_in_flight) push_cancel(connection, slot);
        if (connection.in_flight()) return;
        if (connection.failed) Ledger::closed_on_error();
        if constexpr (Wiring::direct_descriptors) {
            if (!connection.peer_closed) push_shutdown(connection);
            io_uring_sqe* const sqe = ring_.entry();
            io_uring_prep_close_direct(sqe, static_cast<unsigned>(connection.fd));
            ring_.push(sqe, 0);
        } else {
            calls::close(connection.fd);
        }
        connections_[slot].reset();
        free_slots_.push_back(slot);
    }

    // The close that follows, linked, takes the connection from the ring's table; the socket itself may be held for seconds after
    // that (Linux 6.1 puts such files away by a delayed work), and the peer would wait as long for its end.
    void push_shutdown(const Connection& connection) {
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_shutdown(sqe, connection.fd, SHUT_RDWR);
        sqe->flags |= IOSQE_IO_HARDLINK;
        push(sqe, 0);
    }

    struct Unretired {
        std::uint32_t slot;
        std::uint32_t position;
    };

    int listener_fd_;
    SpareDescriptor spare_;
    Path& path_;
    Ring ring_;
    ProvidedBuffers buffers_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<std::uint32_t> free_slots_;
    std::uint64_t poll_idle_ns_;
    bool retire_soon_ = false;
    std::vector<Unretired> unretired_;
    std::vector<std::uint32_t> retired_;
};

}  // namespace tare::uring
