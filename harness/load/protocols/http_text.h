// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 for the load generator: GET of a key as a path, on a connection that is kept. Status, length and every byte of a
// found body are compared; the body that says that nothing was found is the server's own.
#pragma once

#include <filesystem>
#include <string>

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

// Writes the value of every key of the plan as a file of its name into plan.files, for a server to find. Throws run_failed
// when it cannot, usage_error when the plan has no such folder.
void write_value_files(const LoadPlan& plan, const ValuePool& pool);

}  // namespace tare
