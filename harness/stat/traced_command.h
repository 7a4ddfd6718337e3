// SPDX-License-Identifier: Apache-2.0
// A command that is started held, and from then on traced with all its children: each is stopped where code may come to it
// that no probe covers yet, and goes on when the observer has looked. Nothing else of it is changed; when this process
// dies, the kernel ends the whole tree.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "core/owned_fd.h"

namespace tare {

// Told of a process while its thread stands still, before that thread runs any code that is new to it. Ids are tgids.
class TreeObserver {
public:
    TreeObserver() = default;
    TreeObserver(const TreeObserver&) = delete;
    TreeObserver& operator=(const TreeObserver&) = delete;
    virtual ~TreeObserver() = default;

    virtual void executed(pid_t pid) = 0;  // runs a new program; only the program itself and its linker are mapped
    virtual void mapped(pid_t pid) = 0;    // mapped a file to run code from
    virtual void forked(pid_t pid) = 0;    // has begun, with what its parent had
    virtual void ended(pid_t pid) = 0;
};

class TracedCommand {
public:
    // Holds a child that will execute `arguments`, with its standard output on `output`. Throws run_failed, and
    // cannot_measure when tracing is not permitted.
    TracedCommand(const std::vector<std::string>& arguments, int output);
    TracedCommand(const TracedCommand&) = delete;
    TracedCommand& operator=(const TracedCommand&) = delete;
    // Kills what has not ended.
    ~TracedCommand();

    pid_t pid() const { return pid_; }

    // Lets it execute, and returns its wait status when the last process of the tree has ended. Throws run_failed when the
    // command cannot be executed.
    int run(TreeObserver& observer);

private:
    void begin_thread(pid_t tid, TreeObserver& observer);
    void stop(pid_t tid, int status, TreeObserver& observer);

    pid_t pid_ = -1;
    OwnedFd gate_;                      // the child executes when a byte comes
    OwnedFd refusal_;                   // errno of an exec that failed
    std::map<pid_t, pid_t> processes_;  // tgid by tid
};

// "exit code 3" or "signal 9", of a wait status.
std::string end_of(int status);

}  // namespace tare
