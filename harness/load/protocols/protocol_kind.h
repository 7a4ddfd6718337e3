// SPDX-License-Identifier: Apache-2.0
// The protocols that the load generator speaks by itself, by name, and which operations each of them has; and what a server
// speaks: one of these, or one that a suite describes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/operation.h"
#include "harness/load/protocols/own_operation.h"
#include "harness/load/protocols/protocol_template.h"

namespace tare {

enum class ProtocolKind : std::uint8_t { memcached, resp, http };

inline constexpr std::array<std::string_view, 3> protocol_names{"memcached", "resp", "http"};

constexpr std::string_view name_of(ProtocolKind protocol) { return protocol_names[static_cast<std::size_t>(protocol)]; }

constexpr std::optional<ProtocolKind> protocol_named(std::string_view name) {
    for (std::size_t index = 0; index < protocol_names.size(); ++index) {
        if (protocol_names[index] == name) return static_cast<ProtocolKind>(index);
    }
    return std::nullopt;
}

inline constexpr std::array<std::string_view, 3> resp_operations{"get_hit", "get_miss", "set"};
inline constexpr std::array<std::string_view, 2> http_operations{"get_hit", "get_miss"};

// By name, as suites and the command line spell them. An HTTP server gets files to serve; it is only read from.
constexpr std::span<const std::string_view> operations_of(ProtocolKind protocol) {
    switch (protocol) {
        case ProtocolKind::resp:
            return resp_operations;
        case ProtocolKind::http:
            return http_operations;
        case ProtocolKind::memcached:
            break;
    }
    return operation_names;
}

struct SpokenProtocol {
    SpokenProtocol(ProtocolKind built_in = ProtocolKind::memcached)  // NOLINT(google-explicit-constructor): it is one
        : kind(built_in) {}
    explicit SpokenProtocol(std::shared_ptr<const ProtocolTemplate> described) : own(std::move(described)) {}

    bool is(ProtocolKind built_in) const { return own == nullptr && kind == built_in; }

    ProtocolKind kind = ProtocolKind::memcached;
    std::shared_ptr<const ProtocolTemplate> own;  // a suite's; nullptr for a built-in one
};

std::string name_of(const SpokenProtocol& protocol);
std::vector<std::string> operations_of(const SpokenProtocol& protocol);
// Nothing when the protocol has no such operation.
std::optional<Operation> operation_named(const SpokenProtocol& protocol, std::string_view name);
// Whether its values are of letters and digits alone.
inline bool has_text_values(const SpokenProtocol& protocol) { return protocol.own && protocol.own->values_are_text; }
// Whether it stores the value that it sends, so that one after the other sends another.
bool stores(const SpokenProtocol& protocol, Operation operation);
// What must be sent first, for the operation to find what it asks for; nothing when it needs nothing.
std::optional<Operation> preparation_of(const SpokenProtocol& protocol, Operation operation);
// What shows that the operation stored its value; nothing where nothing does.
std::optional<Operation> proof_of(const SpokenProtocol& protocol, Operation operation);

}  // namespace tare
