// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/cpu_time.h"

#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "core/error.h"
#include "probes/attach/bpf_object.h"
#include "probes/attach/process_tree.h"
#include "probes/counters/process_stat.h"

namespace tare {
namespace {

// How long a read waits for the kernel to let go of a process that has ended.
constexpr std::chrono::milliseconds gone_wait_max(5000);

std::string folder_of(pid_t pid) { return "/proc/" + std::to_string(pid); }

// The clock counts nanoseconds, threads that ended included. Nothing when there is no such process.
std::optional<std::uint64_t> clock_ns(pid_t pid) {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
}

// Of the thread that ran most: the others of a server that shares one core only wait for that one.
struct BusiestThread {
    std::uint64_t ran_ns = 0;
    Measured<std::uint64_t> delay_ns = Absent{"/proc/PID/task/TID/schedstat: cannot be read"};

    void look_at(pid_t pid) {
        std::error_code error;
        for (const auto& task : std::filesystem::directory_iterator(folder_of(pid) + "/task", error)) {
            std::ifstream file(task.path() / "schedstat");
            std::uint64_t ran = 0;
            std::uint64_t delay = 0;
            if (!(file >> ran >> delay) || ran < ran_ns) continue;
            ran_ns = ran;
            delay_ns = delay;
        }
    }
};

Snapshot times(const Measured<std::uint64_t>& used_ns, const Measured<std::uint64_t>& user_ticks,
               const Measured<std::uint64_t>& system_ticks, const Measured<std::uint64_t>& delay_ns) {
    const std::uint64_t tick_ns = 1'000'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    const auto in_ns = [&](const Measured<std::uint64_t>& ticks) {
        return ticks.present() ? Measured<std::uint64_t>(ticks.value() * tick_ns) : ticks;
    };
    return {{{"cpu_ns", ""}, used_ns},
            {{"cpu_user_ns", ""}, in_ns(user_ticks)},
            {{"cpu_system_ns", ""}, in_ns(system_ticks)},
            {{"run_delay_ns", ""}, delay_ns}};
}

class CpuTime : public Probe {
public:
    explicit CpuTime(pid_t pid) : pid_(pid) {
        if (!clock_ns(pid)) throw cannot_measure("CPU clock of process " + std::to_string(pid) + ": " + error_text(errno));
    }

    // How the time divides into user and system the kernel only samples by its ticks (CONFIG_TICK_CPU_ACCOUNTING), which it
    // scales to the same sum.
    Snapshot read() override {
        const auto used_ns = clock_ns(pid_);
        const Absent gone{folder_of(pid_) + ": " + error_text(errno)};
        const std::optional<ProcessStat> ticks = process_stat(pid_);
        BusiestThread busiest;
        busiest.look_at(pid_);
        return times(used_ns ? Measured<std::uint64_t>(*used_ns) : Measured<std::uint64_t>(gone),
                     ticks ? Measured<std::uint64_t>(ticks->user_ticks) : Measured<std::uint64_t>(gone),
                     ticks ? Measured<std::uint64_t>(ticks->system_ticks) : Measured<std::uint64_t>(gone), busiest.delay_ns);
    }

private:
    pid_t pid_;
};

// Of a tree: the clocks of its processes, and what those that are gone had used when the kernel let go of them.
class TreeCpuTime : public Probe {
public:
    explicit TreeCpuTime(const ProcessTree& tree) : tree_(tree) {
        if (own_pid_namespace().inode != 0)
            throw cannot_measure("CPU time of several processes: their ids are not known in a pid namespace");
    }

    Snapshot read() override {
        const auto deadline = std::chrono::steady_clock::now() + gone_wait_max;
        while (true) {
            const std::uint64_t gone = tree_.gone_count();
            const bool was_adding = tree_.is_adding_times();
            const std::optional<Snapshot> seen = sum();
            if (seen && !was_adding && !tree_.is_adding_times() && tree_.gone_count() == gone) return *seen;
            if (std::chrono::steady_clock::now() > deadline)
                return absent("a process ended, and the kernel did not let go of it");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

private:
    static Snapshot absent(const std::string& reason) {
        return times(Absent{reason}, Absent{reason}, Absent{reason}, Absent{reason});
    }

    // Nothing when one of them went meanwhile.
    std::optional<Snapshot> sum() const {
        if (const Measured<std::uint64_t> losses = tree_.losses(); losses != Measured<std::uint64_t>(std::uint64_t{0}))
            return absent(losses.present() ? "processes of the server were lost" : losses.reason());
        std::uint64_t used_ns = tree_.gone_ns();
        ProcessStat ticks;
        BusiestThread busiest;
        // One that ends between the two looks is in both.
        std::set<std::uint32_t> ids = tree_.process_ids();
        ids.merge(tree_.ended_ids());
        for (const std::uint32_t id : ids) {
            const auto pid = static_cast<pid_t>(id);
            const auto used = clock_ns(pid);
            const auto sampled = process_stat(pid);
            if (!used || !sampled) return std::nullopt;
            used_ns += *used;
            ticks.user_ticks += sampled->user_ticks;
            ticks.system_ticks += sampled->system_ticks;
            busiest.look_at(pid);
        }
        const Absent unknown{"a process of the server ended; how its time divided is not known"};
        const bool whole = tree_.gone_count() == 0;
        return times(used_ns, whole ? Measured<std::uint64_t>(ticks.user_ticks) : Measured<std::uint64_t>(unknown),
                     whole ? Measured<std::uint64_t>(ticks.system_ticks) : Measured<std::uint64_t>(unknown), busiest.delay_ns);
    }

    const ProcessTree& tree_;
};

}  // namespace

std::unique_ptr<Probe> attach_cpu_time(const Target& target) {
    if (target.tree != nullptr) return std::make_unique<TreeCpuTime>(*target.tree);
    return std::make_unique<CpuTime>(target.pid);
}

}  // namespace tare
