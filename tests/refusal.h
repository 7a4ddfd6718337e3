// SPDX-License-Identifier: Apache-2.0
// What a call that must be refused says: the message, after its exit code was checked.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"

namespace tare {

// The message of the error that `call` throws; fails the test when it throws none or one of another exit code.
template <class Call>
std::string refusal(ExitCode expected, const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(expected)) << error.what();
        return error.what();
    }
    ADD_FAILURE() << "was not refused";
    return "";
}

}  // namespace tare
