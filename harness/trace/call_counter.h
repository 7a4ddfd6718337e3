// SPDX-License-Identifier: Apache-2.0
// Counts the system calls at which a tracer stops the threads of a command, by the rules of probes/bpf/system_calls.bpf.c. The
// tracer sees a call before seccomp does, so that one which is refused or killed for is seen like any other.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/snapshot.h"
#include "harness/trace/traced_command.h"
#include "probes/counters/call_traits.h"
#include "probes/counters/system_call_name.h"

namespace tare {

// A call by its gate and its number there; x32's comes without the bit that marks it.
struct EnteredCall {
    Gate gate = Gate::native;
    std::int64_t number = -1;
    std::uint64_t second = 0;  // its arguments, as the gate has them
    std::uint64_t third = 0;
};
EnteredCall entered_call(const __ptrace_syscall_info& info);

class CallCounter {
public:
    explicit CallCounter(bool counts_threads) : counts_threads_(counts_threads) {}

    void begins(pid_t tid, const EnteredCall& call);
    // Of a call that began and is counted; its result, negative for an error.
    void ends(const EnteredCall& call, std::int64_t result);

    // Its id may be given to another thread.
    void thread_ended(pid_t tid) { thread_places_.erase(tid); }

    Snapshot read() const;

private:
    struct Counts {
        std::uint64_t entered = 0;
        std::uint64_t again = 0;
    };
    struct Thread {
        std::string name;  // its last one
        std::uint64_t calls = 0;
    };
    static std::size_t place_of(const EnteredCall& call);
    Counts& counts_of_other(const EnteredCall& call);
    void add_threads(Snapshot& snapshot) const;

    CallTraits traits_ = call_traits();
    std::vector<std::uint64_t> entered_ = std::vector<std::uint64_t>(call_places);
    std::vector<std::uint64_t> again_ = std::vector<std::uint64_t>(call_places);
    std::vector<std::uint64_t> empty_ = std::vector<std::uint64_t>(call_places);
    std::vector<std::uint64_t> partial_ = std::vector<std::uint64_t>(call_places);
    std::vector<std::uint64_t> events_ = std::vector<std::uint64_t>(call_places);
    std::vector<std::uint64_t> waited_ = std::vector<std::uint64_t>(futex_end_count);
    std::map<std::pair<Gate, std::int64_t>, Counts> others_;
    Counts unnamed_;
    bool counts_threads_;
    std::vector<Thread> threads_;                 // in the order of their first calls
    std::map<pid_t, std::size_t> thread_places_;  // of those that have not ended
};

}  // namespace tare
