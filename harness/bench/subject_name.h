// SPDX-License-Identifier: Apache-2.0
// Names that a suite gives its servers, clients and commands: they stand in rows, in --only and in file names.
#pragma once

#include <algorithm>
#include <string_view>

namespace tare {

// Letters, digits and _ - . +; a slash would make a variant of it.
inline bool is_subject_name(std::string_view name) {
    const auto fits = [](char each) {
        return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') || each == '_' ||
               each == '-' || each == '.' || each == '+';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace tare
