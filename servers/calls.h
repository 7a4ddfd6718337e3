// SPDX-License-Identifier: Apache-2.0
// The system calls of the servers' loops, each told to the ledger where it is made.
#pragma once

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <ctime>

#include "core/ledger.h"
#include "servers/path/byte_buffer.h"
#include "servers/path/gathered_output.h"

namespace tare::calls {

inline int epoll_wait(int epoll_fd, epoll_event* events, int events_max) {
    Ledger::call(SystemCall::epoll_wait);
    const int ready = ::epoll_wait(epoll_fd, events, events_max, -1);
    if (ready > 0) Ledger::wait_events(static_cast<std::uint64_t>(ready));
    return ready;
}

inline int epoll_ctl(int epoll_fd, int operation, int fd, epoll_event event) {
    Ledger::call(SystemCall::epoll_ctl);
    return ::epoll_ctl(epoll_fd, operation, fd, &event);
}

inline int accept(int listener_fd) {
    Ledger::call(SystemCall::accept4);
    return ::accept4(listener_fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

inline ssize_t recv(int fd, void* to, std::size_t size_bytes) {
    Ledger::call(SystemCall::recvfrom);
    const ssize_t received = ::recv(fd, to, size_bytes, 0);
    if (received > 0) Ledger::received(static_cast<std::size_t>(received));
    return received;
}

inline ssize_t send(int fd, const void* from, std::size_t size_bytes) {
    Ledger::call(SystemCall::sendto);
    const ssize_t sent = ::send(fd, from, size_bytes, MSG_NOSIGNAL);
    if (sent > 0) Ledger::sent(static_cast<std::size_t>(sent));
    return sent;
}

inline ssize_t send_output(int fd, const ByteBuffer& output) { return send(fd, output.view().data(), output.size_bytes()); }

inline ssize_t send_output(int fd, GatheredOutput& output) {
    Ledger::call(SystemCall::sendmsg);
    const ssize_t sent = ::sendmsg(fd, output.message(), MSG_NOSIGNAL);
    if (sent > 0) Ledger::sent(static_cast<std::size_t>(sent));
    return sent;
}

inline void shutdown(int fd) {
    Ledger::call(SystemCall::shutdown);
    ::shutdown(fd, SHUT_RDWR);
}

inline int open_null() {
    Ledger::call(SystemCall::openat);
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

inline void sleep_ms(long ms) {
    Ledger::call(SystemCall::clock_nanosleep);
    const timespec span{0, ms * 1'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, 0, &span, nullptr);
}

inline void close(int fd) {
    Ledger::call(SystemCall::close);
    ::close(fd);
}

}  // namespace tare::calls
