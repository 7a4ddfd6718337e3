// SPDX-License-Identifier: Apache-2.0
// The readiness loop: wait, read what is ready, serve it, write. A wiring says what to wait for and when to read
// again; a path serves the bytes.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "core/error.h"
#include "servers/calls.h"
#include "servers/epoll/connection.h"
#include "servers/listener.h"
#include "servers/options.h"
#include "servers/path/served.h"
#include "servers/spare_descriptor.h"

namespace tare::epoll {

template <class Wiring, class Path>
class Loop {
public:
    Loop(const Listener& listener, Path& path, const ServerOptions&)
        : listener_fd_(listener.fd.get()), path_(path), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (!epoll_) throw system_failed("epoll_create1");
        watch(EPOLL_CTL_ADD, listener_fd_, EPOLLIN);
    }

    // What a read with its replies costs this loop in lockstep.
    static constexpr Counts cost(std::size_t input_bytes, std::size_t reply_bytes) {
        return Wiring::cost(input_bytes, reply_bytes, Path::Output::send_call);
    }

    static constexpr bool spins() { return false; }

    void run() {
        std::array<epoll_event, 256> events;
        while (stop_requested == 0) {
            const int ready = calls::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()));
            if (ready < 0 && errno != EINTR) throw system_failed("epoll_wait");
            for (int index = 0; index < ready; ++index) on_event(events[static_cast<std::size_t>(index)]);
        }
    }

private:
    using Connection = epoll::Connection<typename Path::Output>;

    void on_event(const epoll_event& event) {
        if (event.data.fd == listener_fd_) {
            accept_all();
            return;
        }
        Connection& connection = *connections_.at(event.data.fd);
        if ((event.events & EPOLLRDHUP) != 0) connection.hung_up = true;
        // An error is found by the next recv or send, which also says what it was.
        if (connection.waits_to_send) {
            resume(connection);
        } else {
            read(connection);
        }
        if (connection.finished()) close(connection);
    }

    void accept_all() {
        for (int fd = calls::accept(listener_fd_); fd >= 0; fd = calls::accept(listener_fd_)) {
            connections_.emplace(fd, std::make_unique<Connection>(fd));
            watch(EPOLL_CTL_ADD, fd, EPOLLIN | Wiring::trigger);
        }
        // One at a time: who waits is announced again, and those who were accepted are served between.
        if (SpareDescriptor::is_lacked(errno)) spare_.refuse_one(listener_fd_);
    }

    void read(Connection& connection) {
        bool again = true;
        while (again && !connection.waits_to_send && connection.readable()) {
            const std::size_t room_bytes = connection.make_room();
            const ssize_t received = calls::recv(connection.fd, connection.input.free_begin(), room_bytes);
            if (received < 0) {
                if (errno != EAGAIN) connection.fail();
                return;
            }
            connection.peer_closed = received == 0;
            connection.input.commit(static_cast<std::size_t>(received));
            serve(connection);
            again = connection.hung_up || Wiring::reads_again(static_cast<std::size_t>(received), room_bytes);
        }
    }

    void serve(Connection& connection) {
        for (Next next = Next::drain; next == Next::drain && !connection.closing;) {
            const Served served = path_.serve(connection.session, connection.input.view(), connection.output);
            connection.input.consume(served.consumed_bytes);
            connection.closing = served.next == Next::close;
            next = served.next;
            if (Wiring::waits_before_sending && !connection.output.empty()) return wait_to_send(connection);
            if (!flush(connection)) return;
        }
    }

    // Sends what waits. False when some of it must wait for the socket, which is then watched for room only: a client
    // that does not read is not read from either.
    bool flush(Connection& connection) {
        while (!connection.output.empty()) {
            const ssize_t sent = calls::send_output(connection.fd, connection.output);
            if (sent < 0) {
                if (errno == EAGAIN) {
                    wait_to_send(connection);
                } else {
                    connection.fail();
                }
                return false;
            }
            connection.output.consume(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void wait_to_send(Connection& connection) {
        if (connection.waits_to_send) return;
        connection.waits_to_send = true;
        watch(EPOLL_CTL_MOD, connection.fd, EPOLLOUT);
    }

    void resume(Connection& connection) {
        if (!flush(connection)) return;
        connection.waits_to_send = false;
        watch(EPOLL_CTL_MOD, connection.fd, EPOLLIN | Wiring::trigger);
        serve(connection);
    }

    void watch(int operation, int fd, std::uint32_t events) {
        if (calls::epoll_ctl(epoll_.get(), operation, fd, {.events = events, .data = {.fd = fd}}) != 0)
            throw system_failed("epoll_ctl");
    }

    void close(Connection& connection) {
        if (connection.failed) Ledger::closed_on_error();
        const int fd = connection.fd;
        connections_.erase(fd);
        calls::close(fd);
    }

    int listener_fd_;
    Path& path_;
    OwnedFd epoll_;
    std::unordered_map<int, std::unique_ptr<Connection>> connections_;
    SpareDescriptor spare_;
};

}  // namespace tare::epoll
