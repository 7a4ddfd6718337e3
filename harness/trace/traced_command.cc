// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/traced_command.h"

#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <fstream>

#include "core/clock.h"
#include "core/error.h"
#include "harness/process/interrupt.h"
#include "harness/trace/copied_probe.h"

namespace tare {
namespace {

constexpr long trace_options =
    PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;

// Of the command's first thread, on which the probes of its process hang. Children inherit it, and are made to do without.
constexpr long first_thread_options = trace_options | PTRACE_O_TRACEEXIT;

// Of every thread where calls are followed.
constexpr long call_options = trace_options | PTRACE_O_TRACEEXIT | PTRACE_O_TRACESYSGOOD;
constexpr int call_stop = SIGTRAP | 0x80;

// A terminal and timeout(1) send a signal to the command, too: so long that has to reach it before it is passed on.
constexpr std::uint64_t passed_on_after_ns = 200'000'000;

// In the child: it goes on when a byte comes, and ends where its parent gave up or died.
void await_byte(Pipe& gate) {
    gate.write_end.reset();
    char byte = 0;
    if (::read(gate.read_end.get(), &byte, 1) != 1) ::_exit(127);
}

// The process that a thread belongs to; 0 when it is gone.
pid_t process_of(pid_t tid) {
    std::ifstream status(fmt::format("/proc/{}/status", tid));
    std::string field;
    pid_t pid = 0;
    while (status >> field) {
        if (field == "Tgid:" && status >> pid) return pid;
        status.ignore(4096, '\n');
    }
    return 0;
}

// Whether a thread that is about to end does so by itself, and not with all its process: by the 64-bit call or the 32-bit one.
bool ends_alone(pid_t tid) {
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &registers) != 0) return false;
    constexpr unsigned long call32_exit = 1;
    return registers.orig_rax == SYS_exit || registers.orig_rax == call32_exit;
}

bool is_job_control(int signal) { return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU; }

// Whether the kernel's probe sent it (process_tree.h), and no process did.
bool is_from_probe(pid_t tid, int signal) {
    siginfo_t info{};
    return signal == SIGSTOP && ::ptrace(PTRACE_GETSIGINFO, tid, nullptr, &info) == 0 && info.si_code == SI_KERNEL;
}

bool is_announcement(int event) {
    return event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE;
}

bool is_interrupting(int signal) { return signal == SIGINT || signal == SIGTERM || signal == SIGHUP; }

// While a tree runs: what the terminal's quit key sends is for it, and the end or stop of a thread can be awaited.
class Waiting {
public:
    Waiting() : quit_(std::signal(SIGQUIT, SIG_IGN)), child_(std::signal(SIGCHLD, SIG_DFL)) {
        ::sigemptyset(&awaited_);
        ::sigaddset(&awaited_, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &awaited_, &former_);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() {
        ::sigprocmask(SIG_SETMASK, &former_, nullptr);
        std::signal(SIGCHLD, child_);
        std::signal(SIGQUIT, quit_);
    }

    // Until something happened, or for a tenth of a second: an interrupt may have come just before.
    void pause() const {
        constexpr timespec longest{0, 100'000'000};
        ::sigtimedwait(&awaited_, nullptr, &longest);
    }

private:
    void (*quit_)(int);
    void (*child_)(int);
    sigset_t awaited_{};
    sigset_t former_{};
};

}  // namespace

TracedCommand::TracedCommand(const std::vector<std::string>& arguments, int output, Child::Preparation enter, Follows follows)
    : follows_(follows), enter_(std::move(enter)), child_(arguments, [this, output] {
          await_byte(gate_);
          return (output == STDOUT_FILENO || ::dup2(output, STDOUT_FILENO) >= 0) && (!enter_ || enter_());
      }) {
    gate_.read_end.reset();
    if (::ptrace(PTRACE_SEIZE, pid(), nullptr, follows_ == Follows::calls ? call_options : first_thread_options) != 0) {
        const int error_number = errno;
        gate_.write_end.reset();
        throw cannot_measure("trace the command: " + error_text(error_number) + "; run as root or with CAP_SYS_PTRACE");
    }
    threads_.emplace(pid(), pid());
}

TracedCommand::~TracedCommand() {
    if (threads_.empty()) return;
    for (const auto& [tid, pid] : threads_) ::kill(pid, SIGKILL);
    // One that was born meanwhile shows itself by a stop, and the first thread stops once more on its way out.
    int status = 0;
    for (pid_t tid = 0; (tid = ::waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) {
            if (tid == pid()) child_.note_ended(status);
            continue;
        }
        ::kill(tid, SIGKILL);
        go_on(tid);
    }
}

int TracedCommand::run(TreeObserver& observer) {
    const Waiting waiting;
    // Its own calls before the exec are followed, too; the exec's environment is one's to change there.
    if (follows_ == Follows::calls && ::ptrace(PTRACE_INTERRUPT, pid(), nullptr, nullptr) != 0)
        throw system_failed("stop the command");
    if (::write(gate_.write_end.get(), "", 1) != 1) throw system_failed("release the command");
    while (true) {
        pass_interrupt_on();
        int status = 0;
        const pid_t tid = ::waitpid(-1, &status, __WALL | WNOHANG);
        if (tid == 0) {
            waiting.pause();
        } else if (tid > 0 && WIFSTOPPED(status)) {
            stop(tid, status, observer);
        } else if (tid > 0) {
            if (tid == pid()) child_.note_ended(status);
            end_thread(tid, observer);
        } else if (errno != EINTR) {
            break;  // ECHILD: the kernel knows of no thread of the tree any more, seen by us or not
        }
    }
    threads_.clear();
    if (const int error_number = child_.exec_error()) throw run_failed("it cannot be executed: " + error_text(error_number));
    return child_.status().value_or(0);
}

// The event of the thread that made it and its own first stop come in any order; the first of the two registers it.
void TracedCommand::announce(pid_t parent, TreeObserver& observer) {
    unsigned long message = 0;
    if (::ptrace(PTRACE_GETEVENTMSG, parent, nullptr, &message) != 0) return;  // killed: its own first stop is left
    const auto child = static_cast<pid_t>(message);
    if (child <= 0 || early_.erase(child) > 0 || ended_early_.erase(child) > 0) return;
    if (!threads_.contains(child)) begin_thread(child, observer);
}

void TracedCommand::begin_thread(pid_t tid, TreeObserver& observer) {
    const pid_t pid = process_of(tid);
    if (pid == 0) return;
    threads_.emplace(tid, pid);
    if (pid == tid) observer.forked(pid);
}

void TracedCommand::end_thread(pid_t tid, TreeObserver& observer) {
    stopped_.erase(tid);
    observer.thread_ended(tid);
    const auto known = threads_.find(tid);
    if (known == threads_.end() || early_.erase(tid) > 0) ended_early_.insert(tid);
    if (known == threads_.end()) return;
    const pid_t pid = known->second;
    threads_.erase(known);
    if (pid == tid) observer.ended(pid);
}

void TracedCommand::stop(pid_t tid, int status, TreeObserver& observer) {
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (!threads_.contains(tid)) {
        ended_early_.erase(tid);
        early_.insert(tid);
        begin_thread(tid, observer);
    }
    if (event == PTRACE_EVENT_STOP && is_job_control(signal)) {
        stopped_.insert(tid);
        ::ptrace(PTRACE_LISTEN, tid, nullptr, 0);
        return;
    }
    stopped_.erase(tid);
    if (event == 0 && signal == call_stop) return stop_at_call(tid, observer);
    if (event == PTRACE_EVENT_STOP && tid != pid() && follows_ == Follows::code)
        ::ptrace(PTRACE_SETOPTIONS, tid, nullptr, trace_options);
    if (is_announcement(event)) announce(tid, observer);
    if (event == PTRACE_EVENT_EXIT && follows_ == Follows::calls) observer.thread_ends(tid, process_known(tid));
    if (event == PTRACE_EVENT_EXIT && tid == pid() && ends_alone(tid)) observer.first_thread_ends(tid);
    if (event == PTRACE_EVENT_EXEC) {
        // Other threads are gone, and the one that called goes by the process's id from now on.
        unsigned long former = 0;
        if (::ptrace(PTRACE_GETEVENTMSG, tid, nullptr, &former) == 0 && static_cast<pid_t>(former) != tid) {
            threads_.erase(static_cast<pid_t>(former));
            early_.erase(static_cast<pid_t>(former));
            observer.first_thread_replaced(tid);
        }
        observer.executed(tid);
    }
    if (event != 0) return go_on(tid);
    if (signal == SIGTRAP && mend_copied_probe(tid)) {
        observer.copied_probe(process_of(tid));
        return go_on(tid);
    }
    const bool from_probe = is_from_probe(tid, signal);
    const auto known = threads_.find(tid);
    if (from_probe && known != threads_.end()) observer.mapped(known->second);
    if (is_interrupting(signal) && known != threads_.end()) received_ns_[{known->second, signal}] = monotonic_ns();
    go_on(tid, from_probe ? 0 : signal);
}

void TracedCommand::stop_at_call(pid_t tid, TreeObserver& observer) {
    StoppedCall call{tid, process_known(tid), {}};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(call.info), &call.info) > 0) {
        if (call.info.op == PTRACE_SYSCALL_INFO_ENTRY) observer.call_begins(call);
        if (call.info.op == PTRACE_SYSCALL_INFO_EXIT) observer.call_ends(call);
    } else if (errno != ESRCH) {
        observer.call_unknown(errno);
    }
    go_on(tid);
}

// A thread that was killed meanwhile is gone, and that is seen at the next wait.
void TracedCommand::go_on(pid_t tid, int signal) const {
    ::ptrace(follows_ == Follows::calls ? PTRACE_SYSCALL : PTRACE_CONT, tid, nullptr, signal);
}

pid_t TracedCommand::process_known(pid_t tid) const {
    const auto known = threads_.find(tid);
    return known == threads_.end() ? process_of(tid) : known->second;
}

void TracedCommand::pass_interrupt_on() {
    if (passed_on_ || !interrupted() || monotonic_ns() - interrupted_ns() < passed_on_after_ns) return;
    passed_on_ = true;
    const int signal = interrupting_signal();
    for (const auto& [tid, pid] : threads_) {
        const auto received = received_ns_.find({pid, signal});
        const bool has_it = received != received_ns_.end() && received->second + passed_on_after_ns > interrupted_ns();
        if (tid == pid && !has_it) ::kill(pid, signal);
    }
    // What job control holds could not end by it.
    for (const pid_t tid : stopped_) ::kill(tid, SIGCONT);
}

}  // namespace tare
