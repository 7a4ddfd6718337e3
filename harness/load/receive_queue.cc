// SPDX-License-Identifier: Apache-2.0
#include "harness/load/receive_queue.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "core/error.h"

namespace tare {
namespace {

// A socket that listens on some port of 127.0.0.1.
struct Listening {
    Listening() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size_bytes = sizeof(address);
        auto* const name = reinterpret_cast<sockaddr*>(&address);
        if (!fd || ::bind(fd.get(), name, size_bytes) != 0 || ::listen(fd.get(), 1) != 0 ||
            ::getsockname(fd.get(), name, &size_bytes) != 0)
            throw system_failed("listen on 127.0.0.1");
        port = ntohs(address.sin_port);
    }
    OwnedFd fd;
    std::uint16_t port = 0;
};

}  // namespace

ReceiveQueue::ReceiveQueue(std::uint16_t local_port, std::uint16_t remote_port)
    : netlink_(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)),
      local_port_(local_port),
      remote_port_(remote_port) {
    if (!netlink_) throw cannot_measure("socket NETLINK_SOCK_DIAG: " + error_text(errno));
}

std::uint64_t ReceiveQueue::unread_bytes() const {
    if (const auto bytes = unread_bytes_of(local_port_, remote_port_)) return *bytes;
    // A kernel that does not know of a socket that is certainly there answers for no TCP socket.
    const Listening listening;
    if (!unread_bytes_of(listening.port, 0))
        throw cannot_measure(
            "when a server has read a request without a reply, only the kernel's module tcp_diag can tell, and it is not there: "
            "modprobe tcp_diag");
    throw run_failed("the server closed the connection");
}

std::optional<std::uint64_t> ReceiveQueue::unread_bytes_of(std::uint16_t local_port, std::uint16_t remote_port) const {
    struct {
        nlmsghdr header;
        inet_diag_req_v2 question;
    } message{};
    message.header.nlmsg_len = sizeof(message);
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST;
    message.question.sdiag_family = AF_INET;
    message.question.sdiag_protocol = IPPROTO_TCP;
    message.question.id.idiag_sport = htons(local_port);
    message.question.id.idiag_dport = htons(remote_port);
    message.question.id.idiag_src[0] = htonl(INADDR_LOOPBACK);
    message.question.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
    message.question.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    message.question.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (::send(netlink_.get(), &message, sizeof(message), 0) < 0) throw system_failed("sock_diag");

    std::array<char, 4096> answer;
    const ssize_t size_bytes = ::recv(netlink_.get(), answer.data(), answer.size(), 0);
    if (size_bytes < 0) throw system_failed("sock_diag");
    nlmsghdr header{};
    inet_diag_msg found{};
    if (static_cast<std::size_t>(size_bytes) < sizeof(header) + sizeof(found)) throw run_failed("sock_diag: a short answer");
    std::memcpy(&header, answer.data(), sizeof(header));
    if (header.nlmsg_type == NLMSG_ERROR) {
        nlmsgerr refusal{};
        std::memcpy(&refusal, answer.data() + NLMSG_HDRLEN, sizeof(refusal));
        if (refusal.error == -ENOENT) return std::nullopt;
        throw cannot_measure("sock_diag: " + error_text(-refusal.error));
    }
    std::memcpy(&found, answer.data() + NLMSG_HDRLEN, sizeof(found));
    return found.idiag_rqueue;
}

}  // namespace tare
