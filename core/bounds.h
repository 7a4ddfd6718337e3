// SPDX-License-Identifier: Apache-2.0
// What is known of a count that is absent because it cannot be told from something else. Its reason begins with it, in a row's
// status too: "6.64 to 6.66 a request; raise ...".
#pragma once

#include <string_view>

namespace tare {

// Stands behind the bounds.
inline constexpr std::string_view bounds_end = " a request; ";

// "6.64 to 6.66" of such a reason; empty of any other.
inline std::string_view bounds_in(std::string_view reason) {
    const std::size_t end = reason.find(bounds_end);
    if (end == std::string_view::npos) return "";
    const std::string_view bounds = reason.substr(0, end);
    const std::size_t word = bounds.find(" to ");
    const bool has_numbers = bounds.find_first_not_of("0123456789. to") == std::string_view::npos;
    return word != std::string_view::npos && has_numbers ? bounds : "";
}

}  // namespace tare
