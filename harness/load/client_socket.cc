// SPDX-License-Identifier: Apache-2.0
#include "harness/load/client_socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/error.h"
#include "harness/load/connect.h"

namespace tare {

ClientSocket::ClientSocket(const Endpoint& server) : server_(server), fd_(connect_to(server)) {
    if (server_.transport != Transport::tcp) return;
    sockaddr_in address{};
    socklen_t size_bytes = sizeof(address);
    if (::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size_bytes) != 0) throw system_failed("getsockname");
    own_port_ = ntohs(address.sin_port);
}

void ClientSocket::send_all(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) refuse_closed("before it took the request");
        if (sent < 0) throw system_failed(errno == EAGAIN ? "send: the server reads nothing" : "send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string_view ClientSocket::receive(std::span<char> buffer) const {
    while (true) {
        const ssize_t received = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
        if (received > 0) return {buffer.data(), static_cast<std::size_t>(received)};
        if (received == 0 && has_datagrams()) throw run_failed("the server sent a datagram without a byte");
        if (received == 0 || errno == ECONNRESET) refuse_closed("instead of replying");
        if (errno == EAGAIN)
            throw run_failed(fmt::format("no reply within {}{}", text_of_wait(server_),
                                         has_datagrams() ? ": it never came, or a datagram was lost" : ""));
        if (errno == ECONNREFUSED) throw run_failed(fmt::format("{}: nobody listens there", to_string(server_)));
        if (errno != EINTR) throw system_failed("recv");
    }
}

void ClientSocket::expect(std::string_view expected) const {
    std::array<char, 65536> piece;
    std::size_t offset = 0;
    while (offset < expected.size()) {
        const std::string_view got = receive(std::span(piece).first(std::min(piece.size(), expected.size() - offset)));
        const std::string_view hoped = expected.substr(offset, got.size());
        const auto [left, right] = std::mismatch(got.begin(), got.end(), hoped.begin());
        if (left != got.end())
            throw run_failed(fmt::format("reply differs at byte {} of {}: got {:#04x}, expected {:#04x}",
                                         offset + static_cast<std::size_t>(left - got.begin()), expected.size(),
                                         static_cast<unsigned char>(*left), static_cast<unsigned char>(*right)));
        offset += got.size();
    }
}

void ClientSocket::expect_nothing() const {
    char byte = 0;
    const ssize_t received = ::recv(fd_.get(), &byte, 1, MSG_DONTWAIT);
    if (received > 0) throw run_failed(fmt::format("a byte nobody asked for: {:#04x}", static_cast<unsigned char>(byte)));
    if (received == 0 || (received < 0 && errno == ECONNRESET)) refuse_closed("after its reply");
    if (errno != EAGAIN) throw system_failed("recv");
}

void ClientSocket::await_taken() {
    if (has_datagrams()) throw cannot_measure("whether a datagram without a reply was read, nobody tells");
    const auto deadline = std::chrono::steady_clock::now() + server_.wait_max;
    while (!taken()) {
        char byte = 0;
        if (::recv(fd_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0) refuse_closed("before it read the request");
        if (std::chrono::steady_clock::now() > deadline)
            throw run_failed(fmt::format("the server did not read a request within {}", text_of_wait(server_)));
        ::sched_yield();
    }
}

void ClientSocket::refuse_closed(const char* how) const {
    throw run_failed(fmt::format("the server closed the connection {}", how));
}

// Delivered first, then read: in the other order a request on its way would look like one that was read. Of a Unix socket the
// sender is told what the other side has not read.
bool ClientSocket::taken() {
    if (!server_queue_ && server_.transport == Transport::tcp) server_queue_.emplace(server_.port, own_port_);
    int undelivered_bytes = 0;
    if (::ioctl(fd_.get(), SIOCOUTQ, &undelivered_bytes) != 0) throw system_failed("ioctl SIOCOUTQ");
    if (undelivered_bytes > 0) return false;
    return !server_queue_ || server_queue_->unread_bytes() == 0;
}

}  // namespace tare
