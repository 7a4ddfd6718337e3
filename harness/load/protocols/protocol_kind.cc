// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/protocol_kind.h"

namespace tare {
namespace {

const TemplateOperation& described(const SpokenProtocol& protocol, Operation operation) {
    return protocol.own->operations[own_place(operation)];
}

std::optional<Operation> at(const std::optional<std::size_t>& place) {
    return place ? std::optional(own_operation(*place)) : std::nullopt;
}

}  // namespace

std::string name_of(const SpokenProtocol& protocol) {
    return protocol.own ? protocol.own->name : std::string(name_of(protocol.kind));
}

std::vector<std::string> operations_of(const SpokenProtocol& protocol) {
    std::vector<std::string> names;
    if (!protocol.own) {
        const auto built_in = operations_of(protocol.kind);
        return {built_in.begin(), built_in.end()};
    }
    for (const TemplateOperation& operation : protocol.own->operations) names.push_back(operation.name);
    return names;
}

std::optional<Operation> operation_named(const SpokenProtocol& protocol, std::string_view name) {
    const std::vector<std::string> names = operations_of(protocol);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return protocol.own ? own_operation(static_cast<std::size_t>(found - names.begin())) : operation_named(name);
}

bool stores(const SpokenProtocol& protocol, Operation operation) {
    if (is_own(operation)) return described(protocol, operation).stores();
    return operation == Operation::set || operation == Operation::set_noreply;
}

// An HTTP server finds files, which are written for it.
std::optional<Operation> preparation_of(const SpokenProtocol& protocol, Operation operation) {
    if (is_own(operation)) return at(described(protocol, operation).preparation);
    if (protocol.is(ProtocolKind::http) || operation == Operation::get_miss || stores(protocol, operation)) return std::nullopt;
    return Operation::set;
}

std::optional<Operation> proof_of(const SpokenProtocol& protocol, Operation operation) {
    if (is_own(operation)) return at(described(protocol, operation).proof);
    return stores(protocol, operation) ? std::optional(Operation::get_hit) : std::nullopt;
}

}  // namespace tare
