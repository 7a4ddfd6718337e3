// SPDX-License-Identifier: Apache-2.0
// What this machine can measure, found by trying, and how to mend what it cannot.
#pragma once

#include <string>
#include <vector>

namespace tare {

struct Finding {
    std::string subject;
    bool works = false;
    std::string detail;  // what was found; how to mend it where it does not work
};

std::vector<Finding> diagnose();

}  // namespace tare
