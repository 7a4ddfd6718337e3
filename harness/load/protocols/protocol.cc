// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/protocol.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "harness/load/protocols/http_text.h"
#include "harness/load/protocols/memcached_text.h"
#include "harness/load/protocols/resp_text.h"

namespace tare {

std::unique_ptr<Protocol> make_protocol(const LoadPlan& plan, const ValuePool& pool) {
    if (std::to_string(plan.key_count - 1).size() + 1 > plan.key_bytes)
        throw usage_error(
            fmt::format("keys of {} bytes are too short for {} numbers and a letter", plan.key_bytes, plan.key_count));
    for (const LoadPlan::Share& share : plan.mix) {
        if (!has_operation(plan.protocol, name_of(share.operation)))
            throw usage_error(fmt::format("protocol {} has no {}; it has: {}", name_of(plan.protocol), name_of(share.operation),
                                          fmt::join(operations_of(plan.protocol), ", ")));
    }
    switch (plan.protocol) {
        case ProtocolKind::resp:
            return std::make_unique<RespText>(plan, pool);
        case ProtocolKind::http:
            return std::make_unique<HttpText>(plan, pool);
        case ProtocolKind::memcached:
            break;
    }
    return std::make_unique<MemcachedText>(plan, pool);
}

}  // namespace tare
