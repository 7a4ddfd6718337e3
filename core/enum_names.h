// SPDX-License-Identifier: Apache-2.0
// The names of an enum: one array beside it, in the order of its enumerators, which begin at 0.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tare {

// The enumerator of this name, or nothing for a name that is none.
template <class Enum, std::size_t count>
constexpr std::optional<Enum> enum_named(const std::array<std::string_view, count>& names, std::string_view name) {
    for (std::size_t index = 0; index < count; ++index) {
        if (names[index] == name) return static_cast<Enum>(index);
    }
    return std::nullopt;
}

}  // namespace tare
