// SPDX-License-Identifier: Apache-2.0
#include "harness/load/connect.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/error.h"

namespace tare {
namespace {

void set_option(const OwnedFd& fd, int level, int name, const auto& value) {
    if (::setsockopt(fd.get(), level, name, &value, sizeof(value)) != 0) throw system_failed("setsockopt");
}

}  // namespace

OwnedFd connect_to(std::uint16_t port) {
    OwnedFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!fd) throw system_failed("socket");
    const timeval limit{client_wait_max.count(), 0};
    set_option(fd, SOL_SOCKET, SO_RCVTIMEO, limit);
    set_option(fd, SOL_SOCKET, SO_SNDTIMEO, limit);  // of connect, too: with a full backlog it would try for two minutes
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
    if (errno == EINPROGRESS || errno == EAGAIN)
        throw run_failed(fmt::format("connect 127.0.0.1:{}: not accepted within {} s", port, client_wait_max.count()));
    throw system_failed(fmt::format("connect 127.0.0.1:{}", port));
}

}  // namespace tare
