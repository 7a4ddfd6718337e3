// SPDX-License-Identifier: Apache-2.0
// What the load generator needs to know of a protocol: how a request is written and what must come back. No sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/operation.h"
#include "harness/load/load_plan.h"
#include "harness/load/protocols/expected_reply.h"
#include "harness/load/value_pool.h"

namespace tare {

// One request as it was drawn: what a protocol writes, and later needs to know its reply.
struct DrawnRequest {
    std::uint64_t key = 0;  // its number; of mget the first of neighbours
    Operation operation = Operation::get_hit;
    std::uint8_t version = 0;  // of the value that a set stores
};

class Protocol {
public:
    virtual ~Protocol() = default;

    // For messages.
    virtual std::string name_of(Operation operation) const { return std::string(tare::name_of(operation)); }
    virtual void append_request(std::string& to, const DrawnRequest& request) const = 0;
    // Makes `reply` what must come back; it lives as long as this protocol's pool and itself.
    virtual void describe_reply(const DrawnRequest& request, ExpectedReply& reply) const = 0;
};

// The plan's protocol. Throws usage_error for operations or sizes that it does not have, and for keys that are too short for
// their numbers. `pool` must outlive it.
std::unique_ptr<Protocol> make_protocol(const LoadPlan& plan, const ValuePool& pool);

}  // namespace tare
