// SPDX-License-Identifier: Apache-2.0
// Assertion for a programmer's error, in release builds too. Errors of a user or the system are exceptions: error.h.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tare {

inline void check(bool holds, const char* what) {
    if (holds) [[likely]]
        return;
    std::fprintf(stderr, "tare: assertion failed: %s\n", what);
    std::abort();
}

}  // namespace tare
