// SPDX-License-Identifier: Apache-2.0
// The protocols that the load generator speaks, by name, and which operations each of them has.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/operation.h"

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

constexpr bool has_operation(ProtocolKind protocol, std::string_view operation) {
    const auto operations = operations_of(protocol);
    return std::find(operations.begin(), operations.end(), operation) != operations.end();
}

}  // namespace tare
