// SPDX-License-Identifier: Apache-2.0
// memcached's text protocol for the load generator: requests from templates in which only the key's digits change, replies
// as segments of a header and the pool.
#pragma once

#include <string>
#include <vector>

#include "harness/load/protocols/key_template.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

class MemcachedText : public Protocol {
public:
    // Throws usage_error when a size is beyond the protocol's.
    MemcachedText(const LoadPlan& plan, const ValuePool& pool);

    void append_request(std::string& to, const DrawnRequest& request) const override;
    void describe_reply(const DrawnRequest& request, ExpectedReply& reply) const override;

private:
    static void add_header(ExpectedReply& reply, const KeyTemplate& from, std::uint64_t key);
    void add_value(ExpectedReply& reply, std::uint64_t key) const;
    std::size_t size_index(std::uint64_t key) const { return key % pool_.sizes().size(); }

    const ValuePool& pool_;
    std::uint64_t key_count_;
    bool values_change_;  // a set is in the mix: a get may find either version
    KeyTemplate get_hit_;
    KeyTemplate get_miss_;
    KeyTemplate delete_;
    KeyTemplate next_key_;                   // of mget: a blank and a key
    std::vector<KeyTemplate> sets_;          // of each size
    std::vector<KeyTemplate> noreply_sets_;  // of each size
    std::vector<KeyTemplate> headers_;       // of each size
    std::vector<KeyTemplate> next_headers_;  // of each size, after another value's line end
};

}  // namespace tare
