// SPDX-License-Identifier: Apache-2.0
// The bytes of a workload: its requests, and the reply that each of them must get. Built before anything is counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/operation.h"

namespace tare {

struct Exchange {
    std::string request;
    std::string reply;  // empty when none is to come
};

class Conversation {
public:
    // Goes around `key_count` keys, which must have different names at key_bytes.
    Conversation(const Workload& workload, std::uint64_t key_count);

    const Exchange& at(std::uint64_t index) const { return exchanges_[index % exchanges_.size()]; }
    // What stores the values that a get_hit finds; empty for other operations.
    const std::vector<Exchange>& preparation() const { return preparation_; }
    // What shows afterwards that a set stored its value; empty for other operations.
    const std::vector<Exchange>& proof() const { return proof_; }

private:
    std::vector<Exchange> exchanges_;
    std::vector<Exchange> preparation_;
    std::vector<Exchange> proof_;
};

}  // namespace tare
