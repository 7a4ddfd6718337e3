// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_connection.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

#include "harness/load/connect.h"

namespace tare {
namespace {

bool has_noreply(const LoadPlan& plan) {
    return std::any_of(plan.mix.begin(), plan.mix.end(),
                       [](const LoadPlan::Share& share) { return share.operation == Operation::set_noreply; });
}

}  // namespace

LoadConnection::LoadConnection(const LoadPlan& plan)
    : fd_(connect_to(plan.server)),
      pipeline_(plan.pipeline),
      in_flight_(plan.pipeline + (has_noreply(plan) ? unconfirmed_max + 2 : 0)) {}

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
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) throw run_failed("the server closed a connection");
        if (sent < 0) throw system_failed("send");
        sent_ += static_cast<std::size_t>(sent);
        taken += static_cast<std::size_t>(sent);
    }
    output_.clear();
    sent_ = 0;
    return taken;
}

void LoadConnection::consume(std::size_t size_bytes) {
    sent_ += size_bytes;
    if (unsent()) return;
    output_.clear();
    sent_ = 0;
}

std::string LoadConnection::take_unsent() {
    std::string taken = output_.substr(sent_);
    consume(taken.size());
    return taken;
}

void LoadConnection::refuse(const InFlight& awaited, const Protocol& protocol, const ExpectedReply& reply,
                            const ReplyCursor& cursor, std::string_view bytes) {
    throw run_failed(fmt::format("wrong reply to {} of key {}: {}", protocol.name_of(awaited.request.operation),
                                 awaited.request.key, fault_in(cursor, reply, bytes)));
}

}  // namespace tare
