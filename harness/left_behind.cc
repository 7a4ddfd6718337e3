// SPDX-License-Identifier: Apache-2.0
#include "harness/left_behind.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace tare {
namespace {

// The parent's id follows the state, which follows the name's last parenthesis (proc(5)).
pid_t parent_of(const std::filesystem::path& process) {
    std::ifstream file(process / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    return name_end == std::string::npos || name_end + 4 >= line.size() ? 0 : std::atoi(line.c_str() + name_end + 4);
}

std::set<pid_t> children() {
    std::set<pid_t> found;
    std::error_code error;
    for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
        const pid_t pid = std::atoi(process.path().filename().c_str());
        if (pid > 0 && parent_of(process.path()) == ::getpid()) found.insert(pid);
    }
    return found;
}

}  // namespace

LeftBehind::LeftBehind() : others_(children()) { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

LeftBehind::~LeftBehind() {
    // Whoever dies passes its children on to this process: until none comes.
    for (bool found = true; found;) {
        found = false;
        for (const pid_t pid : children()) {
            if (others_.contains(pid)) continue;
            if (::kill(pid, SIGKILL) != 0) continue;  // another user's: it cannot be waited for either
            ::waitpid(pid, nullptr, 0);
            found = true;
        }
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace tare
