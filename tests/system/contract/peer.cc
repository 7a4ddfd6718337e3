// SPDX-License-Identifier: Apache-2.0
#include "tests/system/contract/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

#include "core/error.h"

namespace tare {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void set_option(int fd, int level, int name, const auto& value) {
    if (::setsockopt(fd, level, name, &value, sizeof(value)) != 0) throw system_failed("setsockopt");
}

}  // namespace

Peer::Peer(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (!fd_) throw system_failed("socket");
    set_option(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, timeval{5, 0});
    set_option(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, timeval{5, 0});
    set_option(fd_.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    // Thousands of connections are made one after the other; none shall stay behind in TIME_WAIT.
    set_option(fd_.get(), SOL_SOCKET, SO_LINGER, linger{1, 0});
    const sockaddr_in address = loopback(port);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw system_failed("connect 127.0.0.1:" + std::to_string(port));
}

void Peer::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
        if (sent < 0) throw system_failed("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Peer::half_close() const { ::shutdown(fd_.get(), SHUT_WR); }

std::string Peer::read_to_end() const {
    std::string text;
    std::array<char, 65536> piece;
    while (true) {
        const ssize_t received = ::recv(fd_.get(), piece.data(), piece.size(), 0);
        if (received == 0 || (received < 0 && errno == ECONNRESET)) return text;
        if (received < 0 && errno == EAGAIN)
            throw run_failed("the server neither answers nor closes; so far " + std::to_string(text.size()) +
                             " bytes: " + text.substr(0, 200));
        if (received < 0) throw system_failed("recv");
        text.append(piece.data(), static_cast<std::size_t>(received));
    }
}

std::string reply_to(std::uint16_t port, std::string_view request, bool half_close) {
    const Peer peer(port);
    peer.send(request);
    if (half_close) peer.half_close();
    return peer.read_to_end();
}

}  // namespace tare
