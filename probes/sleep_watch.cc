// SPDX-License-Identifier: Apache-2.0
#include "probes/sleep_watch.h"

#include <fcntl.h>
#include <sched.h>

#include <array>
#include <filesystem>
#include <string_view>

#include "core/error.h"

namespace tare {

SleepWatch::SleepWatch(pid_t pid) : process_("process " + std::to_string(pid)) {
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", error)) {
        OwnedFd stat{::open((task.path() / "stat").c_str(), O_RDONLY | O_CLOEXEC)};
        if (stat) stats_.push_back(std::move(stat));
    }
    if (stats_.empty()) throw run_failed(process_ + " is gone");
}

void SleepWatch::wait(std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!all_asleep()) {
        if (std::chrono::steady_clock::now() > deadline)
            throw run_failed(process_ + " did not come to rest in " + std::to_string(timeout.count()) + " ms");
        ::sched_yield();
    }
}

bool SleepWatch::all_asleep() const {
    for (const OwnedFd& stat : stats_) {
        std::array<char, 256> text;
        const ssize_t size = ::pread(stat.get(), text.data(), text.size(), 0);
        if (size <= 0) throw run_failed(process_ + " is gone");
        // `pid (name) S …`: the name may hold parentheses, the state follows the last one.
        const std::string_view line(text.data(), static_cast<std::size_t>(size));
        const std::size_t name_end = line.rfind(')');
        if (name_end == std::string_view::npos || name_end + 2 >= line.size())
            throw run_failed(process_ + ": unreadable /proc stat");
        const char state = line[name_end + 2];
        if (state == 'Z' || state == 'X') throw run_failed(process_ + " has ended");
        if (state != 'S') return false;
    }
    return true;
}

}  // namespace tare
