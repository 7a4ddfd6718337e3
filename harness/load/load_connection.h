// SPDX-License-Identifier: Apache-2.0
// One connection of the load generator: the requests in flight on it, what of them is still to be sent, and how far the
// reply at the front has come. It never blocks and never waits; that is its thread's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/owned_fd.h"
#include "harness/load/circular_buffer.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

struct InFlight {
    DrawnRequest request;
    bool confirming = false;  // not of the load: a get whose reply shows that the sets without one were carried out
    std::uint64_t due_ns = 0;

    bool has_reply() const { return confirming || request.operation != Operation::set_noreply; }
};

class LoadConnection {
public:
    // Throws run_failed when nothing listens there.
    explicit LoadConnection(const LoadPlan& plan);

    int fd() const { return fd_.get(); }
    bool idle() const { return in_flight_.empty(); }
    // A request that gets no reply holds no room, but only so many go before one whose reply confirms them.
    bool has_room() const {
        return replies_due_ < pipeline_ && unconfirmed_ < unconfirmed_max && unconfirmed_bytes_ < unconfirmed_bytes_max;
    }
    // Whether nothing would come back that confirms the last request.
    bool needs_confirmation() const { return !in_flight_.empty() && !in_flight_.back().has_reply(); }
    void append(const Protocol& protocol, const InFlight& request);

    bool unsent() const { return sent_ < output_.size(); }
    // Sends what the socket takes now; returns how many bytes. Throws run_failed when the server has closed it.
    std::size_t send();
    // For who sends otherwise: what is unsent, which stays where it is until more is appended; that so much of it was sent; and
    // all of it, which then counts as sent.
    std::string_view unsent_bytes() const { return std::string_view(output_).substr(sent_); }
    void consume(std::size_t size_bytes);
    std::string take_unsent();
    // Calls `stamp` with each request that was appended since the last time.
    void stamp_new(auto&& stamp) {
        for (; unstamped_ > 0; --unstamped_) stamp(in_flight_[in_flight_.size() - unstamped_]);
    }

    // Verifies bytes as they arrived and calls `done` with each request that is over: its reply is whole, or it has none and a
    // later reply came. Throws run_failed on a wrong byte or one that nobody asked for. `scratch` may be shared.
    void verify(std::string_view bytes, const Protocol& protocol, ExpectedReply& scratch, auto&& done) {
        while (!bytes.empty()) {
            const InFlight& awaited = awaited_reply(done);
            protocol.describe_reply(awaited.request, scratch);
            if (!in_reply()) {
                // As a rule the reply is here, whole and right.
                if (const std::size_t whole = scratch.whole_in(bytes); whole > 0) {
                    bytes.remove_prefix(whole);
                    take_front(done);
                    continue;
                }
            }
            const ReplyCursor before = cursor_;
            const auto used = cursor_.advance(scratch, bytes);
            if (!used) refuse(awaited, protocol, scratch, before, bytes);
            bytes.remove_prefix(*used);
            if (!cursor_.complete(scratch)) return;
            cursor_.restart();
            take_front(done);
        }
    }

    // Whether a reply has begun and not ended.
    bool in_reply() const { return cursor_.offset_bytes() > 0; }

    bool offered = false;         // its thread's mark: it stands among the connections with room
    bool waits_for_room = false;  // its I/O's mark: the socket is full, and what is appended is sent when it has room

private:
    static constexpr std::size_t unconfirmed_max = 256;
    static constexpr std::size_t unconfirmed_bytes_max = std::size_t{256} << 10;

    const InFlight& awaited_reply(auto&& done) {
        while (!in_flight_.empty() && !in_flight_.front().has_reply()) take_front(done);
        if (in_flight_.empty()) throw run_failed("the server sent something that nobody asked for");
        return in_flight_.front();
    }
    void take_front(auto&& done) {
        const InFlight over = in_flight_.front();
        in_flight_.pop();
        if (!over.has_reply()) --unconfirmed_;
        if (unconfirmed_ == 0) unconfirmed_bytes_ = 0;
        if (over.has_reply() && !over.confirming) --replies_due_;
        done(over);
    }
    [[noreturn]] static void refuse(const InFlight& awaited, const Protocol& protocol, const ExpectedReply& reply,
                                    const ReplyCursor& cursor, std::string_view bytes);

    OwnedFd fd_;
    std::size_t pipeline_;
    Ring<InFlight> in_flight_;
    std::size_t replies_due_ = 0;
    std::size_t unconfirmed_ = 0;
    std::size_t unconfirmed_bytes_ = 0;
    std::size_t unstamped_ = 0;
    std::string output_;
    std::size_t sent_ = 0;  // bytes of output_
    ReplyCursor cursor_;
};

}  // namespace tare
