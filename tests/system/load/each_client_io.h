// SPDX-License-Identifier: Apache-2.0
// A test of the load generator that holds of every way in which it sends and receives.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "harness/load/client_io.h"
#include "tests/required.h"

namespace tare {

class EachClientIo : public ::testing::TestWithParam<ClientIo> {
protected:
    void SetUp() override {
        if (GetParam() == ClientIo::io_uring && !io_uring_refusal().empty()) skip_or_fail(io_uring_refusal());
    }
};

inline auto both_client_ios() { return ::testing::Values(ClientIo::epoll, ClientIo::io_uring); }

inline std::string name_of_client_io(const ::testing::TestParamInfo<ClientIo>& info) { return std::string(name_of(info.param)); }

}  // namespace tare
