// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace tare {
namespace {

bool has_noreply(const LoadPlan& plan) {
    return std::any_of(plan.mix.begin(), plan.mix.end(),
                       [](const LoadPlan::Share& share) { return share.operation == Operation::set_noreply; });
}

}  // namespace

LoadConnection::LoadConnection(const LoadPlan& plan)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      pipeline_(plan.pipeline),
      in_flight_(plan.pipeline + (has_noreply(plan) ? unconfirmed_max + 2 : 0)) {
    if (!fd_) throw system_failed("socket");
    const int on = 1;
    if (::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) throw system_failed("setsockopt TCP_NODELAY");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw system_failed(fmt::format("connect 127.0.0.1:{}", plan.port));
}

void LoadConnection::append(const Protocol& protocol, const InFlight& request) {
    const std::size_t before_bytes = output_.size();
    protocol.append_request(output_, request.request);
    in_flight_.push(request);
    ++unstamped_;
    if (!request.has_reply()) {
        ++unconfirmed_;
        unconfirmed_bytes_ += output_.size() - before_bytes;
    } else if (!request.confirming) {
        ++replies_due_;
    }
}

std::size_t LoadConnection::send() {
    std::size_t taken = 0;
    while (unsent()) {
        const ssize_t sent = ::send(fd_.get(), output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) return taken;
        if (sent < 0) throw system_failed("send");
        sent_ += static_cast<std::size_t>(sent);
        taken += static_cast<std::size_t>(sent);
    }
    output_.clear();
    sent_ = 0;
    return taken;
}

void LoadConnection::refuse(const InFlight& awaited, const ExpectedReply& reply, const ReplyCursor& cursor,
                            std::string_view bytes) {
    throw run_failed(fmt::format("wrong reply to {} of key {}: {}", name_of(awaited.request.operation), awaited.request.key,
                                 fault_in(cursor, reply, bytes)));
}

}  // namespace tare
