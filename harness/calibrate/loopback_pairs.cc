// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/loopback_pairs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "core/error.h"

namespace tare::calibration {
namespace {

constexpr int patience_ms = 2000;

OwnedFd tcp_socket(int flags) {
    OwnedFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)};
    if (!fd) throw system_failed("socket");
    return fd;
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void prepare(int fd, int epoll_fd) {
    const int on = 1;
    if (::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) throw system_failed("TCP_NODELAY");
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    if (::epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) throw system_failed("epoll_ctl");
}

void await(int fd, short events) {
    pollfd wanted{fd, events, 0};
    if (::poll(&wanted, 1, patience_ms) != 1) throw run_failed("a loopback connection stands still");
}

}  // namespace

LoopbackPairs::LoopbackPairs() : near_epoll_(::epoll_create1(EPOLL_CLOEXEC)), far_epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!near_epoll_ || !far_epoll_) throw system_failed("epoll_create1");
    const OwnedFd listener = tcp_socket(0);
    sockaddr_in address = loopback(0);
    socklen_t size_bytes = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), any, size_bytes) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), any, &size_bytes) != 0)
        throw system_failed("listen on 127.0.0.1");
    for (std::size_t index = 0; index < count; ++index) connect_one(listener.get(), ntohs(address.sin_port));
}

void LoopbackPairs::connect_one(int listener_fd, std::uint16_t port) {
    OwnedFd far = tcp_socket(0);
    const sockaddr_in address = loopback(port);
    if (::connect(far.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw system_failed("connect 127.0.0.1");
    OwnedFd near{::accept4(listener_fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!near) throw system_failed("accept4");
    prepare(near.get(), near_epoll_.get());
    prepare(far.get(), far_epoll_.get());
    near_.push_back(std::move(near));
    far_.push_back(std::move(far));
}

void LoopbackPairs::forget_far_readiness() const {
    std::array<epoll_event, count> events;
    if (::epoll_wait(far_epoll_.get(), events.data(), count, 0) < 0) throw system_failed("epoll_wait");
}

void send_all(int fd, std::span<const char> bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) throw system_failed("send");
        if (sent < 0) await(fd, POLLOUT);
        if (sent > 0) bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

void receive_all(int fd, std::span<char> buffer, std::size_t size_bytes) {
    while (size_bytes > 0) {
        const ssize_t received = ::recv(fd, buffer.data(), std::min(buffer.size(), size_bytes), MSG_DONTWAIT);
        if (received == 0) throw run_failed("recv: the connection was closed");
        if (received < 0 && errno != EAGAIN) throw system_failed("recv");
        if (received < 0) await(fd, POLLIN);
        if (received > 0) size_bytes -= static_cast<std::size_t>(received);
    }
}

}  // namespace tare::calibration
