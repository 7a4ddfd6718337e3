// SPDX-License-Identifier: Apache-2.0
// Redis' protocol (RESP, as version 2 has it) for the load generator: GET and SET as arrays of bulk strings.
#pragma once

#include <string>
#include <vector>

#include "harness/load/protocols/key_template.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

class RespText : public Protocol {
public:
    RespText(const LoadPlan& plan, const ValuePool& pool);

    void append_request(std::string& to, const DrawnRequest& request) const override;
    void describe_reply(const DrawnRequest& request, ExpectedReply& reply) const override;

private:
    std::size_t size_index(std::uint64_t key) const { return key % pool_.sizes().size(); }

    const ValuePool& pool_;
    bool values_change_;  // a set is in the mix: a get may find either version
    KeyTemplate get_hit_;
    KeyTemplate get_miss_;
    std::vector<KeyTemplate> sets_;     // of each size, up to the value
    std::vector<std::string> headers_;  // of each size: the value's length
};

}  // namespace tare
