// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the name that was meant by one that does not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tare {

// The name that few enough slips of the finger make of `wrong`: a letter too many, too few, another one, two swapped, each at the
// price of 1, and of upper and lower case none; or else the only one that begins with it. Empty when no name is near, and when
// several begin with it.
std::string nearest_name(std::string_view wrong, const std::vector<std::string_view>& names);

// "; did you mean 'load'?", to be put after what was wrong; empty when no name is near.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& names);

// Of strings, or of rows that have a `name`.
template <class Rows>
std::string did_you_mean(std::string_view wrong, const Rows& rows) {
    std::vector<std::string_view> names;
    for (const auto& row : rows) {
        if constexpr (requires { row.name; })
            names.emplace_back(row.name);
        else
            names.emplace_back(row);
    }
    return did_you_mean(wrong, names);
}

}  // namespace tare
