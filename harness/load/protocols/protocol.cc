// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/protocol.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "harness/load/protocols/http_text.h"
#include "harness/load/protocols/memcached_text.h"
#include "harness/load/protocols/resp_text.h"
#include "harness/load/protocols/template_protocol.h"

namespace tare {

std::unique_ptr<Protocol> make_protocol(const LoadPlan& plan, const ValuePool& pool) {
    if (std::to_string(plan.key_count - 1).size() + 1 > plan.key_bytes)
        throw usage_error(
            fmt::format("keys of {} bytes are too short for {} numbers and a letter", plan.key_bytes, plan.key_count));
    for (const LoadPlan::Share& share : plan.mix) {
        const bool is_had =
            plan.protocol.own ? is_own(share.operation) : operation_named(plan.protocol, name_of(share.operation)).has_value();
        if (!is_had)
            throw usage_error(fmt::format("protocol {} has no {}; it has: {}", name_of(plan.protocol), name_of(share.operation),
                                          fmt::join(operations_of(plan.protocol), ", ")));
    }
    if (plan.protocol.own) return std::make_unique<TemplateProtocol>(plan, pool);
    switch (plan.protocol.kind) {
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
