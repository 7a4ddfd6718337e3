// SPDX-License-Identifier: Apache-2.0
// What a test needs of the machine.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace tare {

// For what this machine lacks: a skipped test, or a failed one where everything is required.
inline void skip_or_fail(const std::string& reason) {
    const char* const required = std::getenv("TARE_REQUIRE_ALL");
    if (required != nullptr && std::string(required) == "1") FAIL() << reason;
    GTEST_SKIP() << reason;
}

}  // namespace tare
