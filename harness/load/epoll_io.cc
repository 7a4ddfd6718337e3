// SPDX-License-Identifier: Apache-2.0
#include "harness/load/epoll_io.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "core/clock.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr std::size_t input_bytes = std::size_t{64} << 10;

}  // namespace

EpollIo::EpollIo(std::span<LoadConnection> connections)
    : connections_(connections), epoll_(::epoll_create1(EPOLL_CLOEXEC)), input_(input_bytes) {
    if (!epoll_) throw system_failed("epoll_create1");
    for (std::uint32_t index = 0; index < connections_.size(); ++index) {
        epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {}};
        event.data.u32 = index;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connections_[index].fd(), &event) != 0) throw system_failed("epoll_ctl");
    }
}

void EpollIo::wait(std::uint64_t timeout_ns, Receiver& receiver) {
    constexpr std::uint64_t ns_per_s = 1'000'000'000;
    std::array<epoll_event, 256> events;
    const timespec timeout{static_cast<std::time_t>(timeout_ns / ns_per_s), static_cast<long>(timeout_ns % ns_per_s)};
    const int count = ::epoll_pwait2(epoll_.get(), events.data(), events.size(), &timeout, nullptr);
    if (count < 0 && errno != EINTR) throw system_failed("epoll_pwait2");
    for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        if (connections_[event.data.u32].unsent()) receiver.can_send(event.data.u32);
        if ((event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) receive(event.data.u32, receiver);
    }
}

void EpollIo::receive(std::uint32_t connection, Receiver& receiver) {
    ssize_t size_bytes = 0;
    do {
        size_bytes = ::recv(connections_[connection].fd(), input_.data(), input_.size(), MSG_DONTWAIT);
        if (size_bytes < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size_bytes == 0 || (size_bytes < 0 && errno == ECONNRESET)) return receiver.closed(connection);
        if (size_bytes < 0) throw system_failed("recv");
        receiver.received(connection, {input_.data(), static_cast<std::size_t>(size_bytes)}, monotonic_ns());
        // A read that did not fill the buffer took all there was: what comes later is a new edge.
    } while (static_cast<std::size_t>(size_bytes) == input_.size());
}

}  // namespace tare
