// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 for the load generator: GET of a key as a path, on a connection that is kept. Status, length and every byte of a
// found body are compared; the body that says that nothing was found is the server's own.
#pragma once

#include "harness/load/protocols/key_template.h"
#include "harness/load/protocols/protocol.h"

namespace tare {

class HttpText : public Protocol {
public:
    HttpText(const LoadPlan& plan, const ValuePool& pool);

    void append_request(std::string& to, const DrawnRequest& request) const override;
    void describe_reply(const DrawnRequest& request, ExpectedReply& reply) const override;

private:
    const ValuePool& pool_;
    KeyTemplate get_hit_;
    KeyTemplate get_miss_;
};

}  // namespace tare
