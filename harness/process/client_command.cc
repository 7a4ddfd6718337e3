// SPDX-License-Identifier: Apache-2.0
#include "harness/process/client_command.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare {

ClientCommand::ClientCommand(const std::vector<std::string>& arguments, int output) {
    std::vector<std::string> owned = arguments;
    std::vector<char*> pointers;
    pointers.reserve(owned.size() + 1);
    for (std::string& argument : owned) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_failed("pipe");
    const OwnedFd refusal{ends[0]};
    OwnedFd refuse{ends[1]};
    pid_ = ::fork();
    if (pid_ < 0) throw system_failed("fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::signal(SIGINT, SIG_DFL);
        ::signal(SIGTERM, SIG_DFL);
        if (output != STDOUT_FILENO) ::dup2(output, STDOUT_FILENO);
        ::execvp(pointers[0], pointers.data());
        const int error_number = errno;
        [[maybe_unused]] const ssize_t told = ::write(refuse.get(), &error_number, sizeof(error_number));
        ::_exit(127);
    }
    refuse.reset();
    int error_number = 0;
    if (::read(refusal.get(), &error_number, sizeof(error_number)) == sizeof(error_number)) {
        ::waitpid(pid_, nullptr, 0);
        throw run_failed(arguments.front() + ": it cannot be executed: " + error_text(error_number));
    }
}

ClientCommand::~ClientCommand() {
    constexpr int tries = 200;
    constexpr std::chrono::milliseconds pause(10);
    if (status()) return;
    ::kill(pid_, SIGTERM);
    for (int tried = 0; tried < tries && !status(); ++tried) std::this_thread::sleep_for(pause);
    if (status_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::optional<int> ClientCommand::status() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
}

}  // namespace tare
