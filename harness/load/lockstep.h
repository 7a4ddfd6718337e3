// SPDX-License-Identifier: Apache-2.0
// The lockstep client: one connection, one request in flight, and the next only when the server sleeps again, so that
// every request meets the server in the same state. Every reply is verified byte for byte.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/snapshot.h"
#include "harness/load/client_socket.h"
#include "harness/load/protocols/conversation.h"
#include "probes/sleep_watch.h"

namespace tare {

// After its last reply a spinning server only has completions to reap: microseconds of work.
inline constexpr std::chrono::milliseconds time_to_rest{20};

class LockstepClient {
public:
    // Conversation and watch must outlive the client. Without a watch (for a server that spins and never sleeps) the next
    // request follows its predecessor's reply.
    LockstepClient(const Endpoint& endpoint, const Conversation& conversation, const SleepWatch* server)
        : conversation_(conversation), server_(server), socket_(endpoint) {}

    // Stores what the conversation's gets are to find.
    void prepare();
    // A multiple of the conversation's pipeline. Returns when the server sleeps after the last request, or had the time to come
    // to rest if it never does. Throws run_failed on a reply that is not as expected.
    void run(std::uint64_t requests);
    // Throws run_failed when what the sets sent is not what is stored.
    void prove();

    // requests_sent, replies_received, sent_bytes and received_bytes of run() so far.
    Snapshot read() const;

private:
    void exchange(const Exchange& exchange);
    // Returns the bytes of the replies, all of which were right.
    std::uint64_t await_replies(const Exchange& exchange);
    std::string_view receive(const Exchange& exchange, std::uint64_t received_bytes);

    const Conversation& conversation_;
    const SleepWatch* server_;
    ClientSocket socket_;
    std::vector<char> buffer_ = std::vector<char>(65536);
    ExpectedReply reply_;
    std::uint64_t exchanges_ = 0;
    std::uint64_t requests_sent_ = 0;
    std::uint64_t replies_received_ = 0;
    std::uint64_t sent_bytes_ = 0;
    std::uint64_t received_bytes_ = 0;
    std::uint64_t last_reply_bytes_ = 0;
};

}  // namespace tare
