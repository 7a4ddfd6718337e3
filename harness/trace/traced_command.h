// SPDX-License-Identifier: Apache-2.0
// A command that is started held, and from then on traced with all its children: each is stopped where code may come to it
// that no probe covers yet, or at every system call, and goes on when the observer has looked. Nothing else of it is changed;
// when this process dies, the kernel ends the whole tree.
#pragma once

#include <sys/ptrace.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/process/child.h"

namespace tare {

// A thread that stands still before or after a system call.
struct StoppedCall {
    pid_t tid;
    pid_t pid;
    __ptrace_syscall_info info;
};

// Told of a process while its thread stands still, before that thread runs any code that is new to it. Ids are tgids.
class TreeObserver {
public:
    TreeObserver() = default;
    TreeObserver(const TreeObserver&) = delete;
    TreeObserver& operator=(const TreeObserver&) = delete;
    virtual ~TreeObserver() = default;

    // Its first thread is about to end, and the others go on.
    virtual void first_thread_ends(pid_t pid) = 0;
    // Another thread than the first called exec, and has taken its place and id; executed() comes next.
    virtual void first_thread_replaced(pid_t pid) = 0;
    virtual void executed(pid_t pid) = 0;  // runs a new program; only the program itself and its linker are mapped
    virtual void mapped(pid_t pid) = 0;    // has made memory of a file executable
    virtual void forked(pid_t pid) = 0;    // has begun, with what its parent had
    virtual void ended(pid_t pid) = 0;
    // A copy of a probe's breakpoint was run; the code is whole again, and goes on.
    virtual void copied_probe(pid_t pid) = 0;

    // Of a command whose calls are followed: a thread is about to enter one, or comes out of one, also of one that began before.
    virtual void call_begins(const StoppedCall& /*call*/) {}
    virtual void call_ends(const StoppedCall& /*call*/) {}
    // The kernel does not say which call a thread is stopped at.
    virtual void call_unknown(int /*error_number*/) {}
    // Likewise: a thread is about to end, and its process can still be looked at; it has ended.
    virtual void thread_ends(pid_t /*tid*/, pid_t /*pid*/) {}
    virtual void thread_ended(pid_t /*tid*/) {}
};

// What its threads are stopped for, beside signals, births and execs.
enum class Follows : std::uint8_t {
    code,   // memory of a file that becomes executable, for which the kernel's probe stops them
    calls,  // every system call, as it is entered and as it returns; the end of a thread
};

class TracedCommand {
public:
    // Holds a child that will execute `arguments`, with its standard output on `output`, after it has done `enter`, if that is
    // not empty. Throws run_failed, and cannot_measure when tracing is not permitted.
    TracedCommand(const std::vector<std::string>& arguments, int output, Child::Preparation enter = {},
                  Follows follows = Follows::code);
    TracedCommand(const TracedCommand&) = delete;
    TracedCommand& operator=(const TracedCommand&) = delete;
    // Kills what run() did not see the end of: the tree when it was not called, or threw.
    ~TracedCommand();

    pid_t pid() const { return child_.pid(); }

    // Lets it execute, and returns its wait status when the last thread of the tree has ended. An interrupt (interrupt.h) is
    // passed on to each process of the tree that did not get it itself. Throws run_failed when the command cannot be executed.
    int run(TreeObserver& observer);

private:
    void begin_thread(pid_t tid, TreeObserver& observer);
    void end_thread(pid_t tid, TreeObserver& observer);
    void announce(pid_t parent, TreeObserver& observer);
    void stop(pid_t tid, int status, TreeObserver& observer);
    void stop_at_call(pid_t tid, TreeObserver& observer);
    void go_on(pid_t tid, int signal = 0) const;
    pid_t process_known(pid_t tid) const;
    void pass_interrupt_on();

    Follows follows_;
    Pipe gate_;  // the child executes when a byte comes
    Child::Preparation enter_;
    Child child_;
    std::map<pid_t, pid_t> threads_;  // tgid by tid, of all that were announced or seen and have not ended
    std::set<pid_t> early_;           // of those, seen before the event of the thread that made them
    std::set<pid_t> ended_early_;     // and ended before it, too
    std::set<pid_t> stopped_;         // tids that job control holds
    // When a process last got a signal that may be an interrupt.
    std::map<std::pair<pid_t, int>, std::uint64_t> received_ns_;
    bool passed_on_ = false;
};

}  // namespace tare
