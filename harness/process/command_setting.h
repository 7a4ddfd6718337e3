// SPDX-License-Identifier: Apache-2.0
// Where and with what a command runs: its folder, environment, input and output.
#pragma once

#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

struct CommandSetting {
    std::string folder;                  // empty: this process's
    std::vector<std::string> variables;  // "NAME=value", beside this process's own, or in their place
    std::string input;                   // a file; empty: none, so that it reads an end at once
};

// A setting with all that a child needs to take it on, which allocates nothing there. The command's standard output is dropped,
// its standard error is kept.
class PreparedSetting {
public:
    // Throws cannot_measure when a file or folder cannot be opened.
    explicit PreparedSetting(const CommandSetting& setting);

    // In the child, before it executes; false with errno.
    bool enter() const;
    // The last line that the command wrote to standard error; empty for none.
    std::string last_error() const;

private:
    OwnedFd folder_;
    OwnedFd input_;
    OwnedFd output_;
    OwnedFd errors_;
    std::vector<std::string> variables_;
    std::vector<char*> environment_;
};

}  // namespace tare
