// SPDX-License-Identifier: Apache-2.0
// The bytes of a workload: its requests, and the reply that each of them must get. Built before anything is counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/operation.h"

namespace tare {

// What is sent at once, and what must come back.
struct Exchange {
    std::string request;
    std::string reply;  // empty when none is to come
};

class Conversation {
public:
    // As many exchanges as there are keys or more, which go around; each is `workload.pipeline` requests. A delete finds each
    // key only once, so it needs as many keys as there will be requests.
    Conversation(const Workload& workload, std::uint64_t key_count);

    // Requests in one exchange.
    std::uint64_t pipeline() const { return pipeline_; }
    const Exchange& at(std::uint64_t index) const { return exchanges_[index % exchanges_.size()]; }
    // What stores the values that a get or delete finds; empty for other operations.
    const std::vector<Exchange>& preparation() const { return preparation_; }
    // What shows, after so many exchanges, that each set stored its value: a key's value changes from set to set. Empty for
    // other operations.
    std::vector<Exchange> proof(std::uint64_t exchange_count) const;

private:
    std::uint64_t pipeline_;
    std::vector<Exchange> exchanges_;
    std::vector<Exchange> preparation_;
    std::vector<Exchange> proofs_;  // of each exchange
    std::uint64_t key_count_;
};

}  // namespace tare
