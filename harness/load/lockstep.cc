// SPDX-License-Identifier: Apache-2.0
#include "harness/load/lockstep.h"

namespace tare {

void LockstepClient::prepare() const {
    for (const Exchange& each : conversation_.preparation()) exchange(each);
}

void LockstepClient::run(std::uint64_t requests) {
    for (; requests > 0; --requests) {
        const Exchange& next = conversation_.at(requests_sent_);
        exchange(next);
        ++requests_sent_;
        sent_bytes_ += next.request.size();
        replies_received_ += next.reply.empty() ? 0 : 1;
        received_bytes_ += next.reply.size();
    }
    socket_.expect_nothing();
}

void LockstepClient::prove() const {
    for (const Exchange& each : conversation_.proof()) exchange(each);
}

Snapshot LockstepClient::read() const {
    return {{{"requests_sent", ""}, requests_sent_},
            {{"replies_received", ""}, replies_received_},
            {{"sent_bytes", ""}, sent_bytes_},
            {{"received_bytes", ""}, received_bytes_}};
}

void LockstepClient::exchange(const Exchange& exchange) const {
    socket_.send_all(exchange.request);
    if (exchange.reply.empty())
        socket_.await_taken();
    else
        socket_.expect(exchange.reply);
    server_.wait();
}

}  // namespace tare
