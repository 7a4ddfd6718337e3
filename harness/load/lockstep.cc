// SPDX-License-Identifier: Apache-2.0
#include "harness/load/lockstep.h"

#include <thread>

#include "core/error.h"
#include "harness/interrupt.h"

namespace tare {
namespace {

// After its last reply a spinning server only has completions to reap: microseconds of work.
constexpr std::chrono::milliseconds time_to_rest{20};

}  // namespace

void LockstepClient::prepare() {
    for (const Exchange& each : conversation_.preparation()) exchange(each);
}

void LockstepClient::run(std::uint64_t requests) {
    for (const std::uint64_t pipeline = conversation_.pipeline(); requests > 0; requests -= pipeline) {
        if (interrupted()) throw run_failed("interrupted");
        const Exchange& next = conversation_.at(exchanges_++);
        exchange(next);
        requests_sent_ += pipeline;
        sent_bytes_ += next.request.size();
        replies_received_ += next.reply.empty() ? 0 : pipeline;
        received_bytes_ += next.reply.size();
    }
    if (server_ == nullptr) std::this_thread::sleep_for(time_to_rest);
    socket_.expect_nothing();
}

void LockstepClient::prove() {
    for (const Exchange& each : conversation_.proof(exchanges_)) exchange(each);
}

Snapshot LockstepClient::read() const {
    return {{{"requests_sent", ""}, requests_sent_},
            {{"replies_received", ""}, replies_received_},
            {{"sent_bytes", ""}, sent_bytes_},
            {{"received_bytes", ""}, received_bytes_}};
}

void LockstepClient::exchange(const Exchange& exchange) {
    socket_.send_all(exchange.request);
    if (exchange.reply.empty())
        socket_.await_taken();
    else
        socket_.expect(exchange.reply);
    if (server_ != nullptr) server_->wait();
}

}  // namespace tare
