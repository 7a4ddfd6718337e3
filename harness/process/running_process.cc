// SPDX-License-Identifier: Apache-2.0
#include "harness/process/running_process.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "core/error.h"
#include "core/plain_text.h"

namespace tare {
namespace {

using Status = std::map<std::string, std::string>;

// The fields of /proc/PID/status, without the blanks before a value; empty when there is no such process or thread.
Status status_of(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/status", pid));
    Status status;
    std::string line;
    while (std::getline(file, line)) {
        const std::size_t colon = line.find(':');
        const std::size_t value = line.find_first_not_of(" \t", colon + 1);
        if (colon != std::string::npos && value != std::string::npos) status.emplace(line.substr(0, colon), line.substr(value));
    }
    return status;
}

bool lives(const Status& status) {
    return !status.empty() && !status.at("State").starts_with('Z') && !status.at("State").starts_with('X');
}

// A thread of the process that has not ended: the first one, or another where that has; none when all have.
std::optional<pid_t> living_thread_of(pid_t pid) {
    if (lives(status_of(pid))) return pid;
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), error)) {
        const pid_t tid = std::atoi(thread.path().filename().c_str());
        if (tid != pid && lives(status_of(tid))) return tid;
    }
    return std::nullopt;
}

std::string command_line_of(pid_t pid) {
    constexpr std::size_t shown_bytes = 200;
    std::ifstream file(fmt::format("/proc/{}/cmdline", pid), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (text.ends_with('\0')) text.pop_back();
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
    return text.size() > shown_bytes ? text.substr(0, shown_bytes) + "..." : text;
}

// Of a line `Uid: real effective saved filesystem`.
std::string user_of(const std::string& ids) {
    const std::size_t begin = ids.find('\t') + 1;
    const std::string id = ids.substr(begin, ids.find('\t', begin) - begin);
    const passwd* const entry = ::getpwuid(static_cast<uid_t>(std::stoul(id)));
    return entry == nullptr ? id : entry->pw_name;
}

}  // namespace

RunningProcess running_process(pid_t pid) {
    const Status status = status_of(pid);
    if (status.empty()) throw cannot_measure(fmt::format("no process {}; `pgrep -l NAME` prints the ids of those that run", pid));
    if (status.at("Tgid") != std::to_string(pid))
        throw cannot_measure(
            fmt::format("{} is a thread of process {}; attach to that: --pid {}", pid, status.at("Tgid"), status.at("Tgid")));
    // Of a first thread that has ended before the others, /proc shows neither memory nor command line.
    const std::optional<pid_t> living = living_thread_of(pid);
    if (!living)
        throw cannot_measure(fmt::format("process {} has ended (zombie); start the server again and attach to the new one", pid));
    if (!status_of(*living).contains("VmSize"))
        throw cannot_measure(
            fmt::format("{} ({}) is a thread of the kernel, which runs no program; attach to a process", pid, status.at("Name")));
    return {pid,
            plain(status.at("Name")),
            plain(command_line_of(*living)),
            user_of(status.at("Uid")),
            std::stoul(status.at("Threads")),
            living != pid};
}

std::string name_of_task(pid_t tid) {
    const Status status = status_of(tid);
    const auto name = status.find("Name");
    return name == status.end() ? "" : plain(name->second);
}

std::set<pid_t> children_of(pid_t parent) {
    std::set<pid_t> found;
    std::error_code error;
    for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
        const pid_t pid = std::atoi(process.path().filename().c_str());
        if (pid <= 0) continue;
        const Status status = status_of(pid);
        const auto known = status.find("PPid");
        if (known != status.end() && known->second == std::to_string(parent)) found.insert(pid);
    }
    return found;
}

bool has_ended(pid_t pid) { return !living_thread_of(pid); }

}  // namespace tare
