// SPDX-License-Identifier: Apache-2.0
// A protocol that a suite describes ([protocol.NAME]), for the load generator: requests and replies from templates.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/load/protocols/key_template.h"
#include "harness/load/protocols/protocol.h"
#include "harness/load/protocols/protocol_template.h"

namespace tare {

class TemplateProtocol : public Protocol {
public:
    // Throws usage_error when a number of this plan does not fit into its bytes, or a reply is longer than it may be.
    TemplateProtocol(const LoadPlan& plan, const ValuePool& pool);

    std::string name_of(Operation operation) const override { return protocol_->operations[own_place(operation)].name; }
    void append_request(std::string& to, const DrawnRequest& request) const override;
    void describe_reply(const DrawnRequest& request, ExpectedReply& reply) const override;

private:
    void check_sizes(const LoadPlan& plan) const;
    void append(std::string& to, const TemplateText& text, const DrawnRequest& request) const;
    void add(ExpectedReply& reply, const TemplateText& text, const DrawnRequest& request) const;
    std::size_t size_bytes(const TemplateText& text, const DrawnRequest& request) const;
    const TemplateOperation& operation(const DrawnRequest& request) const {
        return protocol_->operations[own_place(request.operation)];
    }

    const ValuePool& pool_;
    std::shared_ptr<const ProtocolTemplate> protocol_;
    std::vector<std::string> statuses_;  // of each operation, the begin of an HTTP reply
    KeyTemplate key_;
};

}  // namespace tare
