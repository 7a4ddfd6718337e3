// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/run_id.h"

#include <array>
#include <ctime>

namespace tare::cli {

std::string new_run_id(const std::string& command) {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "-%Y%m%dT%H%M%SZ", &utc);
    return command + text.data();
}

}  // namespace tare::cli
