// SPDX-License-Identifier: Apache-2.0
#include "run/field.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace tare {

std::uint64_t parse_count(std::string_view text, std::string_view column, const std::string& where) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || text.empty())
        throw data_refused(fmt::format("{}: {} is '{}', not a count", where, column, text));
    return value;
}

Error no_such_word(std::string_view text, std::span<const std::string_view> words, std::string_view column,
                   const std::string& where) {
    return data_refused(fmt::format("{}: {} is '{}', which is none of: {}", where, column, text, fmt::join(words, ", ")));
}

}  // namespace tare
