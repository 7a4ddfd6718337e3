// SPDX-License-Identifier: Apache-2.0
#include "probes/sleep_watch.h"

#include <fcntl.h>
#include <sched.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/error.h"

namespace tare {
namespace {

struct TaskState {
    char state = 0;
    std::size_t thread_count = 0;  // of its process
};

// Fields 3 and 20 of proc_pid_stat(5): `pid (name) S …`. The name may hold parentheses, the state follows the last one. Nothing
// when the task is gone.
std::optional<TaskState> state_of(const OwnedFd& stat) {
    std::array<char, 512> text;
    const ssize_t size = ::pread(stat.get(), text.data(), text.size(), 0);
    if (size <= 0) return std::nullopt;
    const std::string_view line(text.data(), static_cast<std::size_t>(size));
    std::size_t at = line.rfind(')');
    if (at == std::string_view::npos || at + 2 >= line.size()) return std::nullopt;
    TaskState seen{line[at + 2]};
    constexpr int fields_before = 17;
    at += 2;
    for (int field = 0; field < fields_before && at != std::string_view::npos; ++field) at = line.find(' ', at + 1);
    if (at == std::string_view::npos) return std::nullopt;
    std::from_chars(line.data() + at + 1, line.data() + line.size(), seen.thread_count);
    return seen;
}

bool has_ended(char state) { return state == 'Z' || state == 'X'; }

}  // namespace

SleepWatch::SleepWatch(pid_t pid)
    : SleepWatch(
          pid, [] { return std::set<pid_t>(); }, [] { return std::uint64_t{0}; }) {}

SleepWatch::SleepWatch(pid_t root, std::function<std::set<pid_t>()> list, std::function<std::uint64_t()> births)
    : root_(root), list_(std::move(list)), births_(std::move(births)) {
    look_again();
}

// The first of its descriptors is its first thread's.
SleepWatch::Process SleepWatch::look_at(pid_t pid) const {
    Process process{pid, 0, {}};
    const std::string folder = "/proc/" + std::to_string(pid);
    const auto open = [&](const std::string& path) {
        OwnedFd stat{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (stat) process.stats.push_back(std::move(stat));
    };
    const std::string first = folder + "/task/" + std::to_string(pid);
    open(first + "/stat");
    if (process.stats.empty()) return process;
    if (const auto seen = state_of(process.stats.front())) process.thread_count = seen->thread_count;
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator(folder + "/task", error)) {
        if (task.path() != first) open(task.path() / "stat");
    }
    return process;
}

void SleepWatch::look_again() const {
    known_births_ = births_();
    processes_.clear();
    processes_.push_back(look_at(root_));
    if (processes_.front().stats.empty()) throw run_failed("process " + std::to_string(root_) + " is gone");
    for (const pid_t pid : list_()) {
        if (pid == root_) continue;
        Process process = look_at(pid);
        if (!process.stats.empty()) processes_.push_back(std::move(process));
    }
}

void SleepWatch::wait(std::chrono::milliseconds timeout) const {
    if (!is_at_rest_within(timeout))
        throw run_failed("process " + std::to_string(root_) + " did not come to rest in " + std::to_string(timeout.count()) +
                         " ms");
}

bool SleepWatch::is_at_rest_within(std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!all_asleep()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::sched_yield();
    }
    return true;
}

bool SleepWatch::all_asleep() const {
    bool has_changed = births_() != known_births_;
    bool is_awake = false;
    for (auto process = processes_.begin(); process != processes_.end() && !has_changed && !is_awake; ++process)
        is_awake = !is_asleep(*process, has_changed) && !has_changed;
    if (has_changed) look_again();
    return !is_awake && !has_changed;
}

bool SleepWatch::is_asleep(const Process& process, bool& has_changed) const {
    for (const OwnedFd& stat : process.stats) {
        const std::optional<TaskState> seen = state_of(stat);
        const bool is_first = &stat == &process.stats.front();
        if (is_first && process.pid == root_) {
            if (!seen) throw run_failed("process " + std::to_string(root_) + " is gone");
            if (has_ended(seen->state) && seen->thread_count <= 1)
                throw run_failed("process " + std::to_string(root_) + " has ended");
        }
        if (!seen || (is_first && seen->thread_count != process.thread_count)) {
            has_changed = true;
            return false;
        }
        if (seen->state != 'S' && !has_ended(seen->state)) return false;
    }
    return true;
}

}  // namespace tare
