// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/cpu_time.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "core/error.h"

namespace tare {
namespace {

struct Ticks {
    std::uint64_t user = 0;
    std::uint64_t system = 0;
};

class CpuTime : public Probe {
public:
    explicit CpuTime(pid_t pid) : process_("/proc/" + std::to_string(pid)) {
        if (const int error = ::clock_getcpuclockid(pid, &clock_); error != 0)
            throw cannot_measure("CPU clock of process " + std::to_string(pid) + ": " + error_text(error));
    }

    // The clock counts nanoseconds, threads that ended included. How they divide into user and system the kernel only samples
    // by its ticks (CONFIG_TICK_CPU_ACCOUNTING), which it scales to the same sum.
    Snapshot read() override {
        timespec used{};
        const bool known = ::clock_gettime(clock_, &used) == 0;
        const Absent gone{process_ + ": " + error_text(errno)};
        const std::optional<Ticks> ticks = read_ticks();
        const auto reading = [&](bool present, std::uint64_t value) { return present ? Reading(value) : Reading(gone); };
        const std::uint64_t tick_ns = 1'000'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
        return {
            {{"cpu_ns", ""},
             reading(known, static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec))},
            {{"cpu_user_ns", ""}, reading(ticks.has_value(), ticks ? ticks->user * tick_ns : 0)},
            {{"cpu_system_ns", ""}, reading(ticks.has_value(), ticks ? ticks->system * tick_ns : 0)},
            {{"run_delay_ns", ""}, run_delay()}};
    }

private:
    // utime and stime are fields 14 and 15 of proc_pid_stat(5); the name before them may hold blanks.
    std::optional<Ticks> read_ticks() const {
        std::ifstream file(process_ + "/stat");
        std::string line;
        if (!std::getline(file, line)) return std::nullopt;
        std::size_t at = line.rfind(')');
        for (int field = 2; field < 14 && at != std::string::npos; ++field) at = line.find(' ', at + 1);
        Ticks ticks;
        if (at == std::string::npos || std::sscanf(line.c_str() + at, "%lu %lu", &ticks.user, &ticks.system) != 2)
            return std::nullopt;
        return ticks;
    }

    // Of the thread that ran most: the others of a server that shares one core only wait for that one.
    Reading run_delay() {
        std::error_code error;
        std::uint64_t most_ran_ns = 0;
        Reading of_busiest = Absent{process_ + "/task/*/schedstat: cannot be read"};
        for (const auto& task : std::filesystem::directory_iterator(process_ + "/task", error)) {
            std::ifstream file(task.path() / "schedstat");
            std::uint64_t ran_ns = 0;
            std::uint64_t delay_ns = 0;
            if (!(file >> ran_ns >> delay_ns) || ran_ns < most_ran_ns) continue;
            most_ran_ns = ran_ns;
            of_busiest = delay_ns;
        }
        return error ? Reading(Absent{process_ + "/task: " + error.message()}) : of_busiest;
    }

    std::string process_;
    clockid_t clock_{};
};

}  // namespace

std::unique_ptr<Probe> attach_cpu_time(const Target& target) {
    if (target.tree != nullptr) throw cannot_measure("counts of one process, not of a tree");
    return std::make_unique<CpuTime>(target.pid);
}

}  // namespace tare
