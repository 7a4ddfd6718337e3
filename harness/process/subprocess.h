// SPDX-License-Identifier: Apache-2.0
// A child whose output is read as it comes, killed by the kernel when this process dies.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/process/child.h"
#include "harness/process/output_drain.h"

namespace tare {

class Subprocess {
public:
    // Starts `arguments[0]`, on core `cpu` only if one is given. Throws cannot_measure when there is no
    // such program, run_failed when it cannot be executed for another reason.
    explicit Subprocess(const std::vector<std::string>& arguments, std::optional<int> cpu = std::nullopt);

    pid_t pid() const { return child_->pid(); }

    // What it prints, as OutputDrain says.
    std::optional<std::string> read_line(std::chrono::milliseconds timeout) { return drain_->read_line(timeout); }
    std::string read_all(std::chrono::milliseconds timeout, WhenInterrupted then = WhenInterrupted::read_on);
    std::string last_errors() { return drain_->take_errors(); }

    // Whether it has ended, waiting up to `timeout`; how() then says "exit code 3" or "signal 9".
    bool ended(std::chrono::milliseconds timeout = std::chrono::milliseconds(0));
    std::string how();
    // Only after it has ended: its exit code, or 128 and the signal's number.
    int exit_code();

private:
    std::string name_;
    std::unique_ptr<OutputDrain> drain_;
    std::optional<Child> child_;  // after the drain: what it prints while it ends is read
};

// Runs a command to its end and returns its standard output. Throws run_failed with its last lines when it fails
// or has not ended after a minute.
std::string output_of(const std::vector<std::string>& arguments);

}  // namespace tare
