// SPDX-License-Identifier: Apache-2.0
// One thing that this machine has or lacks for measuring.
#pragma once

#include <string>
#include <vector>

namespace tare {

// How to mend what is absent: one sentence, and commands that do it, which nobody but the user runs. Either may be empty.
struct Remedy {
    std::string sentence;
    std::vector<std::string> commands;
};

struct Finding {
    std::string subject;
    bool works = false;
    std::string detail;  // what was found
    Remedy remedy = {};  // where it does not work
};

}  // namespace tare
