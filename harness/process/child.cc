// SPDX-License-Identifier: Apache-2.0
#include "harness/process/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "core/error.h"
#include "harness/process/interrupt.h"

namespace tare {

Pipe::Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_failed("pipe");
    read_end = OwnedFd{ends[0]};
    write_end = OwnedFd{ends[1]};
}

Child::Child(const std::vector<std::string>& arguments, const Preparation& prepare) {
    std::vector<std::string> owned = arguments;
    std::vector<char*> pointers;
    pointers.reserve(owned.size() + 1);
    for (std::string& argument : owned) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    Pipe refusal;
    pid_ = ::fork();
    if (pid_ < 0) throw system_failed("fork");
    if (pid_ > 0) {
        refusal_ = std::move(refusal.read_end);
        return;
    }
    release_interrupts();
    if (prepare()) ::execvp(pointers.front(), pointers.data());
    const int error_number = errno;
    [[maybe_unused]] const ssize_t told = ::write(refusal.write_end.get(), &error_number, sizeof(error_number));
    ::_exit(127);
}

Child::~Child() {
    if (status()) return;
    ::kill(pid_, SIGTERM);
    if (status(std::chrono::seconds(2))) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

int Child::exec_error() {
    int error_number = 0;
    if (::read(refusal_.get(), &error_number, sizeof(error_number)) != sizeof(error_number)) return 0;
    return error_number;
}

std::optional<int> Child::status(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!status_) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
        if (status_ || std::chrono::steady_clock::now() >= deadline) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return status_;
}

void die_with(pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // it died before the kernel could be asked to tell
}

std::string end_of(int status) {
    return WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status)) : fmt::format("signal {}", WTERMSIG(status));
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace tare
