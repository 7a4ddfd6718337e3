// SPDX-License-Identifier: Apache-2.0
// How files say that a value is there, or why it is not.
#pragma once

#include <string>
#include <string_view>

#include "core/measured.h"

namespace tare {

inline constexpr std::string_view absent_prefix = "absent:";

// "absent:" and the reason.
inline std::string absent_status(const std::string& reason) { return std::string(absent_prefix) + reason; }

// "ok", or "absent:" and the reason.
template <class Value>
std::string status_of(const Measured<Value>& measured) {
    return measured.present() ? "ok" : absent_status(measured.reason());
}

// Of a text: itself, or "absent:" and the reason.
inline std::string text_or_status(const Measured<std::string>& text) {
    return text.present() ? text.value() : absent_status(text.reason());
}

}  // namespace tare
