// SPDX-License-Identifier: Apache-2.0
// memcached's text protocol for the load generator: requests from templates in which only the key's digits change, replies
// as segments of a header and the pool.
#pragma once

#include <string>
#include <vector>

#include "harness/load/protocol.h"

namespace tare {

class MemcachedText : public Protocol {
public:
    // Throws usage_error when the keys are too short for their numbers, or a size is beyond the protocol's.
    MemcachedText(const LoadPlan& plan, const ValuePool& pool);

    void append_request(std::string& to, const DrawnRequest& request) const override;
    void describe_reply(const DrawnRequest& request, ExpectedReply& reply) const override;

private:
    // A text in which a key stands; its number's digits end at digits_end.
    struct Template {
        std::string text;
        std::size_t digits_end = 0;
    };

    Template template_of(const std::string& before, char prefix, const std::string& after) const;
    void append(std::string& to, const Template& from, std::uint64_t key) const;
    void add_header(ExpectedReply& reply, const Template& from, std::uint64_t key) const;
    void add_value(ExpectedReply& reply, std::uint64_t key) const;
    std::size_t size_index(std::uint64_t key) const { return key % pool_.sizes().size(); }

    const ValuePool& pool_;
    std::uint64_t key_bytes_;
    std::uint64_t key_count_;
    bool values_change_;  // a set is in the mix: a get may find either version
    Template get_hit_;
    Template get_miss_;
    Template next_key_;                   // of mget: a blank and a key
    std::vector<Template> sets_;          // of each size
    std::vector<Template> noreply_sets_;  // of each size
    std::vector<Template> headers_;       // of each size
    std::vector<Template> next_headers_;  // of each size, after another value's line end
};

}  // namespace tare
