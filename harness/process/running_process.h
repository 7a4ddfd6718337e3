// SPDX-License-Identifier: Apache-2.0
// What /proc says of a process that somebody else started: who it is, and whether it can be attached to.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <set>
#include <string>

namespace tare {

struct RunningProcess {
    pid_t pid = 0;
    std::string name;          // of the program
    std::string command_line;  // its words with blanks between, at most 200 bytes
    std::string user;          // the name of its effective user, or the number
    std::size_t thread_count = 0;
    bool first_thread_ended = false;  // before the others, which go on
};

// Throws cannot_measure, with the remedy, when there is no such process, when it has ended, or when it is a thread of another
// or of the kernel.
RunningProcess running_process(pid_t pid);

// "redis-server" of a thread or process; empty when it is gone.
std::string name_of_task(pid_t tid);

// Those that it started, or that were passed on to it.
std::set<pid_t> children_of(pid_t parent);

// Whether it is gone, or all its threads have ended and it only waits for its parent.
bool has_ended(pid_t pid);

}  // namespace tare
