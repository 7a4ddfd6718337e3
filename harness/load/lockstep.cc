// SPDX-License-Identifier: Apache-2.0
#include "harness/load/lockstep.h"

#include <fmt/format.h>

#include <thread>

#include "core/error.h"
#include "harness/process/interrupt.h"

namespace tare {
void LockstepClient::prepare() {
    conversation_.write_files();
    for (const Exchange& each : conversation_.preparation()) exchange(each);
}

void LockstepClient::run(std::uint64_t requests) {
    for (const std::uint64_t pipeline = conversation_.pipeline(); requests > 0; requests -= pipeline) {
        if (interrupted()) throw run_failed("interrupted");
        const Exchange& next = conversation_.at(exchanges_++);
        exchange(next);
        requests_sent_ += pipeline;
        sent_bytes_ += next.request.size();
        replies_received_ += next.asked.size();
        received_bytes_ += last_reply_bytes_;
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
    if (exchange.asked.empty()) socket_.await_taken();
    last_reply_bytes_ = await_replies(exchange);
    if (server_ != nullptr) server_->wait();
}

std::string_view LockstepClient::receive(const Exchange& exchange, std::uint64_t received_bytes) {
    try {
        return socket_.receive(buffer_);
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{} to {}: {} bytes of request sent, {} of reply received", error.what(),
                                              conversation_.name_of(exchange.asked.front().operation), exchange.request.size(),
                                              received_bytes));
    }
}

std::uint64_t LockstepClient::await_replies(const Exchange& exchange) {
    std::uint64_t received_bytes = 0;
    std::string_view unread;
    for (const DrawnRequest& asked : exchange.asked) {
        conversation_.describe_reply(asked, reply_);
        ReplyCursor cursor;
        while (!cursor.complete(reply_)) {
            if (unread.empty()) {
                unread = receive(exchange, received_bytes);
                received_bytes += unread.size();
            }
            const ReplyCursor before = cursor;
            const auto used = cursor.advance(reply_, unread);
            if (!used)
                throw run_failed(fmt::format("wrong reply to {}: {}", conversation_.name_of(asked.operation),
                                             fault_in(before, reply_, unread)));
            unread.remove_prefix(*used);
            if (socket_.has_datagrams() && !cursor.complete(reply_))
                throw run_failed(fmt::format("wrong reply to {}: its datagram ends after byte {}",
                                             conversation_.name_of(asked.operation), cursor.offset_bytes()));
        }
    }
    if (!unread.empty())
        throw run_failed(fmt::format("a byte nobody asked for: {:#04x}", static_cast<unsigned char>(unread.front())));
    return received_bytes;
}

}  // namespace tare
