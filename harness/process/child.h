// SPDX-License-Identifier: Apache-2.0
// A child process: forked, prepared, executed; ended when its owner goes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

struct Pipe {
    Pipe();  // neither end survives an exec
    OwnedFd read_end;
    OwnedFd write_end;
};

class Child {
public:
    // What the child does between fork and exec; false, with errno, when it cannot, and then it does not execute. It neither
    // allocates nor copies: the child has this process's memory, with the probes in it.
    using Preparation = std::function<bool()>;

    // Forks a child that executes `arguments`. Signals mean there what they meant before catch_interrupts().
    Child(const std::vector<std::string>& arguments, const Preparation& prepare);
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    // SIGTERM, then SIGKILL when it has not ended within two seconds.
    ~Child();

    pid_t pid() const { return pid_; }
    // Waits until it executes, or has ended without: 0, or the error number of its preparation or exec.
    int exec_error();

    // Its wait status once it has ended, waiting up to `timeout`.
    std::optional<int> status(std::chrono::milliseconds timeout = std::chrono::milliseconds(0));
    // For an owner that waits for all its children at once: this one has ended, with that wait status.
    void note_ended(int status) { status_ = status; }

private:
    pid_t pid_ = -1;
    OwnedFd refusal_;  // carries the error number
    std::optional<int> status_;
};

// For a preparation: the kernel kills this child when `parent`, which forked it, dies.
void die_with(pid_t parent);

// Of a wait status: "exit code 3" or "signal 9", and the exit code, or 128 and the signal's number.
std::string end_of(int status);
int exit_code_of(int status);

}  // namespace tare
