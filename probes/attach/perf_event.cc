// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/perf_event.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "probes/attach/kernel_support.h"

namespace tare {
namespace {

OwnedFd open_event(HardwareEvent event, pid_t thread, bool at_exec, bool user_only) {
    perf_event_attr attributes{};
    attributes.size = sizeof(attributes);
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.config = event == HardwareEvent::cycles ? PERF_COUNT_HW_CPU_CYCLES : PERF_COUNT_HW_INSTRUCTIONS;
    attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    attributes.inherit = 1;
    attributes.disabled = at_exec ? 1 : 0;
    attributes.enable_on_exec = at_exec ? 1 : 0;
    attributes.exclude_kernel = user_only ? 1 : 0;
    attributes.exclude_hv = 1;
    return OwnedFd{static_cast<int>(::syscall(SYS_perf_event_open, &attributes, thread, -1, -1, PERF_FLAG_FD_CLOEXEC))};
}

std::string paranoid_level() {
    std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
    std::string level;
    return file >> level ? level : "unknown";
}

[[noreturn]] void throw_refused(int error_number) {
    const std::string told = "perf_event_open: " + error_text(error_number);
    if (error_number == ENOENT || error_number == ENODEV || error_number == EOPNOTSUPP)
        throw cannot_measure("this machine shows no hardware counters (" + told + ")");
    // Debian's and Ubuntu's kernels have levels above 2, on which CAP_PERFMON may not be enough.
    if ((error_number == EACCES || error_number == EPERM) && !has_sys_admin())
        throw cannot_measure(told + "; where kernel.perf_event_paranoid is " + paranoid_level() + ", a perf event needs " +
                             (may_use_bpf() ? "CAP_SYS_ADMIN" : "CAP_PERFMON or CAP_SYS_ADMIN") + "; run as root");
    throw cannot_measure(told);
}

std::vector<pid_t> threads_of(pid_t pid) {
    std::vector<pid_t> threads;
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", error))
        threads.push_back(std::atoi(task.path().filename().c_str()));
    return threads;
}

}  // namespace

PerfEvent::PerfEvent(HardwareEvent event, pid_t pid, bool at_exec) {
    for (const pid_t thread : threads_of(pid)) {
        OwnedFd opened = open_event(event, thread, at_exec, user_only_);
        if (!opened && (errno == EACCES || errno == EPERM) && !user_only_ && threads_.empty()) {
            user_only_ = true;
            opened = open_event(event, thread, at_exec, user_only_);
        }
        if (!opened && errno == ESRCH) continue;  // it ended meanwhile
        if (!opened) throw_refused(errno);
        threads_.push_back(std::move(opened));
    }
    if (threads_.empty()) throw cannot_measure("process " + std::to_string(pid) + " has no thread to count");
}

Measured<std::uint64_t> PerfEvent::read() const {
    std::uint64_t sum = 0;
    for (const OwnedFd& thread : threads_) {
        struct {
            std::uint64_t value, enabled_ns, running_ns;
        } seen{};
        if (::read(thread.get(), &seen, sizeof(seen)) != sizeof(seen)) return Absent{"read a perf event: " + error_text(errno)};
        if (seen.running_ns < seen.enabled_ns)
            return Absent{"the processor has too few hardware counters for all that were asked for"};
        sum += seen.value;
    }
    return sum;
}

}  // namespace tare
