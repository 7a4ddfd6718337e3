// SPDX-License-Identifier: Apache-2.0
// The requests of a workload in lockstep, and the reply that each of them must get, in any protocol. Built before anything is
// counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/operation.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

// What is sent at once, and what it asks: the replies come in this order.
struct Exchange {
    std::string request;
    std::vector<DrawnRequest> asked;
};

class Conversation {
public:
    // As many exchanges as there are keys or more, which go around; each is `workload.pipeline` requests. A delete finds each
    // key only once, so it needs as many keys as there will be requests. `files` is where an HTTP server looks for keys. Throws
    // usage_error as make_protocol() does.
    Conversation(const Workload& workload, std::uint64_t key_count, const SpokenProtocol& protocol = {},
                 const std::filesystem::path& files = {});

    // Requests in one exchange.
    std::uint64_t pipeline() const { return pipeline_; }
    bool has_replies() const { return operation_ != Operation::set_noreply; }
    std::string name_of(Operation operation) const { return protocol_->name_of(operation); }
    const Exchange& at(std::uint64_t index) const { return exchanges_[index % exchanges_.size()]; }
    // What must come back for one request of an exchange. `reply` lives no longer than this.
    void describe_reply(const DrawnRequest& asked, ExpectedReply& reply) const;
    // All replies of an exchange as one text, of a protocol that has no headers; empty when none is to come.
    std::string reply_text(const Exchange& exchange) const;

    // Writes the files that an HTTP server is to find; nothing for other protocols.
    void write_files() const;
    // What stores the values that a get or delete finds; empty for other operations.
    const std::vector<Exchange>& preparation() const { return preparation_; }
    // What shows, after so many exchanges, that each set stored its value: a key's value changes from set to set. Empty for
    // other operations.
    std::vector<Exchange> proof(std::uint64_t exchange_count) const;

private:
    Exchange exchange_of(const DrawnRequest& asked, std::uint64_t count) const;

    std::uint64_t pipeline_;
    std::uint64_t key_count_;
    Operation operation_;
    LoadPlan plan_;
    std::unique_ptr<const ValuePool> pool_;
    std::unique_ptr<const Protocol> protocol_;
    std::vector<Exchange> exchanges_;
    std::vector<Exchange> preparation_;
    std::vector<Exchange> proofs_;  // of each exchange
};

}  // namespace tare
