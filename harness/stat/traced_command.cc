// SPDX-License-Identifier: Apache-2.0
#include "harness/stat/traced_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <fstream>

#include "core/error.h"

namespace tare {
namespace {

constexpr long trace_options =
    PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;

std::pair<OwnedFd, OwnedFd> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_failed("pipe");
    return {OwnedFd{ends[0]}, OwnedFd{ends[1]}};
}

// Only calls that neither allocate nor copy: this is the child of a process with probes.
[[noreturn]] void become(char* const* arguments, int gate, int refusal, int output) {
    char byte = 0;
    if (::read(gate, &byte, 1) != 1) ::_exit(127);  // the parent gave up or died
    if (output != STDOUT_FILENO) ::dup2(output, STDOUT_FILENO);
    ::execvp(arguments[0], arguments);
    const int error_number = errno;
    [[maybe_unused]] const ssize_t told = ::write(refusal, &error_number, sizeof(error_number));
    ::_exit(127);
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

bool is_job_control(int signal) { return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU; }

// Whether the kernel's probe sent it (process_tree.h), and no process did.
bool is_from_probe(pid_t tid, int signal) {
    siginfo_t info{};
    return signal == SIGSTOP && ::ptrace(PTRACE_GETSIGINFO, tid, nullptr, &info) == 0 && info.si_code == SI_KERNEL;
}

// A thread that was killed meanwhile is gone, and that is seen at the next wait.
void go_on(pid_t tid, int signal = 0) { ::ptrace(PTRACE_CONT, tid, nullptr, signal); }

// While a command runs in the foreground, what the terminal sends is for it; its counts are still wanted.
class IgnoredKeys {
public:
    IgnoredKeys() : interrupt_(std::signal(SIGINT, SIG_IGN)), quit_(std::signal(SIGQUIT, SIG_IGN)) {}
    IgnoredKeys(const IgnoredKeys&) = delete;
    IgnoredKeys& operator=(const IgnoredKeys&) = delete;
    ~IgnoredKeys() {
        std::signal(SIGINT, interrupt_);
        std::signal(SIGQUIT, quit_);
    }

private:
    void (*interrupt_)(int);
    void (*quit_)(int);
};

}  // namespace

TracedCommand::TracedCommand(const std::vector<std::string>& arguments, int output) {
    std::vector<std::string> owned = arguments;
    std::vector<char*> pointers;
    pointers.reserve(owned.size() + 1);
    for (std::string& argument : owned) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    auto [gate_read, gate_write] = make_pipe();
    auto [refusal_read, refusal_write] = make_pipe();
    pid_ = ::fork();
    if (pid_ < 0) throw system_failed("fork");
    if (pid_ == 0) {
        ::close(gate_write.get());
        become(pointers.data(), gate_read.get(), refusal_write.get(), output);
    }
    gate_ = std::move(gate_write);
    refusal_ = std::move(refusal_read);
    if (::ptrace(PTRACE_SEIZE, pid_, nullptr, trace_options) != 0) {
        const int error_number = errno;
        gate_.reset();
        ::waitpid(pid_, nullptr, 0);
        throw cannot_measure("trace the command: " + error_text(error_number) + "; run as root or with CAP_SYS_PTRACE");
    }
    processes_.emplace(pid_, pid_);
}

TracedCommand::~TracedCommand() {
    if (processes_.empty()) return;
    for (const auto& [tid, pid] : processes_) ::kill(pid, SIGKILL);
    for (int status = 0; ::waitpid(-1, &status, __WALL) > 0;) continue;
}

int TracedCommand::run(TreeObserver& observer) {
    const IgnoredKeys ignored;
    if (::write(gate_.get(), "", 1) != 1) throw system_failed("release the command");
    int command_status = 0;
    while (!processes_.empty()) {
        int status = 0;
        const pid_t tid = ::waitpid(-1, &status, __WALL);
        if (tid < 0 && errno == EINTR) continue;
        if (tid < 0) break;
        if (WIFSTOPPED(status)) {
            stop(tid, status, observer);
            continue;
        }
        if (tid == pid_) command_status = status;
        const auto known = processes_.find(tid);
        if (known == processes_.end()) continue;
        const pid_t pid = known->second;
        processes_.erase(known);
        if (pid == tid) observer.ended(pid);
    }
    processes_.clear();
    int error_number = 0;
    ::fcntl(refusal_.get(), F_SETFL, O_NONBLOCK);
    if (::read(refusal_.get(), &error_number, sizeof(error_number)) == sizeof(error_number))
        throw run_failed("it cannot be executed: " + error_text(error_number));
    return command_status;
}

void TracedCommand::begin_thread(pid_t tid, TreeObserver& observer) {
    const pid_t pid = process_of(tid);
    if (pid == 0) return;
    processes_.emplace(tid, pid);
    if (pid == tid) observer.forked(pid);
}

void TracedCommand::stop(pid_t tid, int status, TreeObserver& observer) {
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (!processes_.contains(tid)) begin_thread(tid, observer);
    if (event == PTRACE_EVENT_STOP && is_job_control(signal)) {
        ::ptrace(PTRACE_LISTEN, tid, nullptr, 0);
        return;
    }
    if (event == PTRACE_EVENT_EXEC) {
        // Other threads are gone, and the one that called goes by the process's id from now on.
        unsigned long former = 0;
        if (::ptrace(PTRACE_GETEVENTMSG, tid, nullptr, &former) == 0 && static_cast<pid_t>(former) != tid)
            processes_.erase(static_cast<pid_t>(former));
        observer.executed(tid);
    }
    if (event != 0) return go_on(tid);
    const bool from_probe = is_from_probe(tid, signal);
    if (from_probe && processes_.contains(tid)) observer.mapped(processes_.at(tid));
    go_on(tid, from_probe ? 0 : signal);
}

std::string end_of(int status) {
    return WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status)) : fmt::format("signal {}", WTERMSIG(status));
}

}  // namespace tare
