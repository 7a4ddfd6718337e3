// SPDX-License-Identifier: Apache-2.0
// Functions that only pass a call on, so that what they call is called by whoever called them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/symbols/call_site.h"

namespace tare {

// Whether a frame is of a standard library of C, C++, Rust or Go, in a header of the system, of the malloc or memcpy family, or
// named by `wrappers`: a name matches itself, and a frame whose function begins with it up to a bracket, "::" or the end.
// `called_module` has the function that was called.
bool is_wrapper(const Frame& frame, std::string_view called_module, const std::vector<std::string>& wrappers);

// Without the type that a template's symbol says it returns.
std::string_view without_return_type(std::string_view function);

// Without what a compiler adds to the name of a part or a copy that it made of a function: "f.constprop.0".
std::string_view without_clone(std::string_view function);

}  // namespace tare
