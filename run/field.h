// SPDX-License-Identifier: Apache-2.0
// One field of a run's files: a count, or one of a few words. Whatever else it holds is refused with the place and the column.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/enum_names.h"
#include "core/error.h"

namespace tare {

// Throws data_refused: "observations.csv:7: repetition is 'many', not a count".
std::uint64_t parse_count(std::string_view text, std::string_view column, const std::string& where);

// "observations.csv:7: source is 'guess', which is none of: bpf, client".
Error no_such_word(std::string_view text, std::span<const std::string_view> words, std::string_view column,
                   const std::string& where);

// The enumerator of this name. Throws no_such_word().
template <class Enum, std::size_t count>
Enum parse_word(std::string_view text, const std::array<std::string_view, count>& names, std::string_view column,
                const std::string& where) {
    const auto found = enum_named<Enum>(names, text);
    if (!found) throw no_such_word(text, names, column, where);
    return *found;
}

}  // namespace tare
