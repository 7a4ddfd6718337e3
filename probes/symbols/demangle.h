// SPDX-License-Identifier: Apache-2.0
// The names that linkers know functions by, as their languages write them.
#pragma once

#include <string>

namespace tare {

// Of C++ and of Rust (v0 and legacy, without the hash); any other name, C's and Go's among them, as it stands.
std::string demangled(const char* name);

}  // namespace tare
