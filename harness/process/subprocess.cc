// SPDX-License-Identifier: Apache-2.0
#include "harness/process/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <csignal>

#include <array>
#include <thread>

#include "core/check.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr std::size_t error_bytes_max = 4096;

struct Pipe {
    OwnedFd read_end;
    OwnedFd write_end;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_failed("pipe");
        read_end = OwnedFd{ends[0]};
        write_end = OwnedFd{ends[1]};
    }
};

[[noreturn]] void become(std::vector<char*>& arguments, std::optional<int> cpu, pid_t parent, int output, int errors,
                         int refusal) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);                          // Ctrl-C on the terminal is its parent's, which ends it when it no longer needs it
    if (::getppid() != parent) ::_exit(127);  // the parent died before it could be asked to tell
    ::setpgid(0, 0);  // an interrupt from the terminal is for this program, which then ends its children itself
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    bool ready = true;
    if (cpu) {
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(static_cast<unsigned>(*cpu), &cores);
        ready = ::sched_setaffinity(0, sizeof(cores), &cores) == 0;
    }
    if (ready) ::execvp(arguments.front(), arguments.data());
    const int error_number = errno;
    [[maybe_unused]] const ssize_t told = ::write(refusal, &error_number, sizeof(error_number));
    ::_exit(127);
}

bool readable(int fd, std::chrono::milliseconds timeout) {
    pollfd wanted{fd, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(timeout.count())) > 0;
}

}  // namespace

Subprocess::Subprocess(const std::vector<std::string>& arguments, std::optional<int> cpu) {
    std::vector<std::string> owned = arguments;
    std::vector<char*> pointers;
    pointers.reserve(owned.size() + 1);
    for (std::string& argument : owned) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    Pipe output;
    Pipe errors;
    Pipe refusal;
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw system_failed("fork");
    if (pid_ == 0) become(pointers, cpu, parent, output.write_end.get(), errors.write_end.get(), refusal.write_end.get());
    refusal.write_end.reset();
    int error_number = 0;
    if (::read(refusal.read_end.get(), &error_number, sizeof(error_number)) > 0) {
        ::waitpid(pid_, nullptr, 0);
        const std::string what = "start " + arguments.front() + ": " + error_text(error_number);
        throw error_number == ENOENT ? cannot_measure(what + ": is it installed?") : run_failed(what);
    }
    output_ = std::move(output.read_end);
    errors_ = std::move(errors.read_end);
    ::fcntl(errors_.get(), F_SETFL, O_NONBLOCK);
}

Subprocess::~Subprocess() {
    if (ended()) return;
    ::kill(pid_, SIGTERM);
    if (ended(std::chrono::seconds(2))) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::optional<std::string> Subprocess::read_line(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::size_t line_end = unread_output_.find('\n');
    while (line_end == std::string::npos) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0 || !readable(output_.get(), left)) return std::nullopt;
        std::array<char, 4096> piece;
        const ssize_t size = ::read(output_.get(), piece.data(), piece.size());
        if (size <= 0) return std::nullopt;
        unread_output_.append(piece.data(), static_cast<std::size_t>(size));
        line_end = unread_output_.find('\n');
    }
    std::string line = unread_output_.substr(0, line_end);
    unread_output_.erase(0, line_end + 1);
    return line;
}

std::string Subprocess::read_all() {
    std::string text = std::move(unread_output_);
    std::array<char, 4096> piece;
    for (ssize_t size = 1; size > 0;) {
        size = ::read(output_.get(), piece.data(), piece.size());
        if (size > 0) text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return text;
}

std::string Subprocess::last_errors() {
    std::string text;
    std::array<char, 4096> piece;
    for (ssize_t size = 1; size > 0;) {
        size = ::read(errors_.get(), piece.data(), piece.size());
        if (size > 0) text.append(piece.data(), static_cast<std::size_t>(size));
        if (text.size() > error_bytes_max) text.erase(0, text.size() - error_bytes_max);
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

bool Subprocess::ended(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!status_) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
        if (status_ || std::chrono::steady_clock::now() >= deadline) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return status_.has_value();
}

int Subprocess::exit_code() const {
    check(status_.has_value(), "exit_code() of a process that runs");
    return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : 128 + WTERMSIG(*status_);
}

std::string Subprocess::how() const {
    if (!status_) return "runs";
    return WIFEXITED(*status_) ? fmt::format("exit code {}", WEXITSTATUS(*status_))
                               : fmt::format("signal {}", WTERMSIG(*status_));
}

std::string output_of(const std::vector<std::string>& arguments) {
    Subprocess process(arguments);
    std::string text = process.read_all();
    const bool over = process.ended(std::chrono::seconds(10));
    if (!over || process.exit_code() != 0)
        throw run_failed(
            fmt::format("{}: {}\n{}", fmt::join(arguments, " "), over ? process.how() : "does not end", process.last_errors()));
    return text;
}

}  // namespace tare
