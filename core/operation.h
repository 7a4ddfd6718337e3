// SPDX-License-Identifier: Apache-2.0
// The operations a request can ask for, and the workload that one cell repeats: the operation with its sizes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tare {

enum class Operation : std::uint8_t { get_hit, get_miss, set, set_noreply, delete_hit, mget };

inline constexpr std::array<std::string_view, 6> operation_names{"get_hit", "get_miss", "set", "set_noreply", "delete", "mget"};

constexpr std::string_view name_of(Operation operation) { return operation_names[static_cast<std::size_t>(operation)]; }

constexpr std::optional<Operation> operation_named(std::string_view name) {
    for (std::size_t index = 0; index < operation_names.size(); ++index) {
        if (operation_names[index] == name) return static_cast<Operation>(index);
    }
    return std::nullopt;
}

// The requests of a cell: `pipeline` of them are sent at once, then their replies awaited. Sizes in bytes.
struct Workload {
    Operation operation = Operation::get_hit;
    std::uint64_t key_bytes = 16;
    std::uint64_t value_bytes = 64;
    std::uint64_t pipeline = 1;

    // Of one request.
    constexpr std::uint64_t keys() const { return operation == Operation::mget ? mget_keys : 1; }
    static constexpr std::uint64_t mget_keys = 10;
};

}  // namespace tare
