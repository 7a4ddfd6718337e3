// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/timed_command.h"

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <optional>

#include "core/clock.h"
#include "core/error.h"
#include "harness/process/child.h"
#include "harness/process/cpu_affinity.h"
#include "harness/process/interrupt.h"
#include "probes/attach/perf_event.h"
#include "probes/counters/process_stat.h"

namespace tare {
namespace {

std::uint64_t nanoseconds(const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_usec) * 1'000;
}

// Counts from the exec of `pid` on; absent with the reason where the machine has no such counter.
class Counter {
public:
    Counter(HardwareEvent event, pid_t pid) {
        try {
            event_.emplace(event, pid, true);
        } catch (const Error& error) {
            reason_ = error.what();
        }
    }
    Measured<std::uint64_t> read() const { return event_ ? event_->read() : Measured<std::uint64_t>(Absent{reason_}); }

private:
    std::optional<PerfEvent> event_;
    std::string reason_;
};

// What the account of a process had when its program began: what the copy of this process did before is not the command's.
struct Begin {
    std::uint64_t time_ns = 0;
    std::uint64_t cpu_ns = 0;
    ProcessStat stat;
};

Begin begin_of(pid_t pid) {
    clockid_t clock{};
    timespec used{};
    const std::optional<ProcessStat> stat = process_stat(pid);
    if (!stat || ::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        throw system_failed("read the account of process " + std::to_string(pid));
    return {0, static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec), *stat};
}

// Stops it where its program begins, as it begins to end while its memory is still there, and where a signal reaches it.
class Waiter {
public:
    explicit Waiter(pid_t pid) : pid_(pid) {
        if (::ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL) != 0)
            throw cannot_measure("trace the command: " + error_text(errno) + "; run as root or with CAP_SYS_PTRACE");
    }

    // Returns its wait status.
    int wait() {
        for (int status = 0;;) {
            const pid_t seen = ::wait4(pid_, &status, 0, &usage_);
            if (seen < 0 && errno != EINTR) throw system_failed("wait for the command");
            if (interrupted()) {
                ::kill(pid_, SIGKILL);
                while (::waitpid(pid_, &status, 0) == pid_ && WIFSTOPPED(status)) ::ptrace(PTRACE_CONT, pid_, nullptr, 0);
                throw run_failed("interrupted");
            }
            if (seen == pid_ && !WIFSTOPPED(status)) {
                elapsed_ns_ = monotonic_ns() - begin_.time_ns;
                return status;
            }
            if (seen == pid_) go_on(status);
        }
    }

    std::uint64_t elapsed_ns() const { return elapsed_ns_; }
    Snapshot usage() const {
        const std::uint64_t cpu_ns = nanoseconds(usage_.ru_utime) + nanoseconds(usage_.ru_stime);
        const std::uint64_t minor = static_cast<std::uint64_t>(usage_.ru_minflt) - begin_.stat.minor_faults;
        const std::uint64_t major = static_cast<std::uint64_t>(usage_.ru_majflt) - begin_.stat.major_faults;
        return {{{"cpu_ns", ""}, cpu_ns - std::min(cpu_ns, begin_.cpu_ns)},  // rusage has whole microseconds
                {{"page_faults", ""}, minor + major},
                {{"page_faults", "minor"}, minor},
                {{"page_faults", "major"}, major},
                {{"max_rss_bytes", ""}, peak_}};
    }

private:
    void go_on(int status) {
        const int event = status >> 16;
        if (event == PTRACE_EVENT_EXIT) peak_ = peak_memory_bytes(pid_);
        if (event == PTRACE_EVENT_EXEC && begin_.time_ns == 0) {
            begin_ = begin_of(pid_);
            begin_.time_ns = monotonic_ns();
        }
        const bool is_held = event == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP;
        if (is_held)
            ::ptrace(PTRACE_LISTEN, pid_, nullptr, 0);
        else
            ::ptrace(PTRACE_CONT, pid_, nullptr, event == 0 ? WSTOPSIG(status) : 0);
    }

    pid_t pid_;
    Begin begin_;
    std::uint64_t elapsed_ns_ = 0;
    rusage usage_{};
    Measured<std::uint64_t> peak_ = Absent{"it ended before its memory could be looked at"};
};

}  // namespace

TimedCommand time_command(const std::vector<std::string>& arguments, const CommandSetting& setting) {
    const PreparedSetting prepared(setting);
    Pipe gate;
    const pid_t parent = ::getpid();
    Child child(arguments, [&] {
        die_with(parent);
        gate.write_end.reset();
        char byte = 0;
        if (::read(gate.read_end.get(), &byte, 1) != 1) ::_exit(127);
        return use_all_cores() && prepared.enter();
    });
    const Counter instructions(HardwareEvent::instructions, child.pid());
    const Counter cycles(HardwareEvent::cycles, child.pid());
    Waiter waiter(child.pid());
    TimedCommand timed;
    if (::write(gate.write_end.get(), "", 1) != 1) throw system_failed("release the command");
    timed.status = waiter.wait();
    timed.elapsed_ns = waiter.elapsed_ns();
    child.note_ended(timed.status);
    if (const int error_number = child.exec_error())
        throw cannot_measure(arguments.front() + ": it cannot be executed: " + error_text(error_number));
    timed.usage = waiter.usage();
    timed.usage.set({"instructions", ""}, instructions.read());
    timed.usage.set({"cycles", ""}, cycles.read());
    timed.last_error = prepared.last_error();
    return timed;
}

}  // namespace tare
