// SPDX-License-Identifier: Apache-2.0
// A child with its output on pipes, killed by the kernel when this process dies.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/owned_fd.h"
#include "harness/process/child.h"

namespace tare {

class Subprocess {
public:
    // Starts `arguments[0]`, on core `cpu` only if one is given. Throws cannot_measure when there is no
    // such program, run_failed when it cannot be executed for another reason.
    explicit Subprocess(const std::vector<std::string>& arguments, std::optional<int> cpu = std::nullopt);

    pid_t pid() const { return child_->pid(); }

    // The next line of its standard output, without the line end; nothing at its end or after `timeout`.
    std::optional<std::string> read_line(std::chrono::milliseconds timeout);
    // All that is left of its standard output, until it closes it.
    std::string read_all();
    // The last lines of what it wrote to standard error so far.
    std::string last_errors();

    // Whether it has ended, waiting up to `timeout`; how() then says "exit code 3" or "signal 9".
    bool ended(std::chrono::milliseconds timeout = std::chrono::milliseconds(0));
    std::string how();
    // Only after it has ended: its exit code, or 128 and the signal's number.
    int exit_code();

private:
    OwnedFd output_;
    OwnedFd errors_;
    std::string unread_output_;
    std::optional<Child> child_;  // after the pipes: while it ends, they are read by nobody but still open
};

// Runs a command to its end and returns its standard output. Throws run_failed with its last lines when it fails.
std::string output_of(const std::vector<std::string>& arguments);

}  // namespace tare
