// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue.h"

#include <array>
#include <csignal>
#include <string>

#include "core/error.h"
#include "probes/counters/allocations.h"
#include "probes/counters/copies.h"
#include "probes/counters/cpu_time.h"
#include "probes/counters/fdinfo.h"
#include "probes/counters/hardware.h"
#include "probes/counters/page_faults.h"
#include "probes/counters/queue_operations.h"
#include "probes/counters/socket_bytes.h"
#include "probes/counters/switches.h"
#include "probes/counters/system_calls.h"
#include "probes/counters/task_switches.h"
#include "probes/exercise.h"

namespace tare {
namespace {

using Names = std::string_view;
constexpr std::array call_metrics{Names{"syscalls"},      Names{"syscalls_eagain"}, Names{"syscalls_short"},
                                  Names{"syscalls_zero"}, Names{"wait_events"},     Names{"futex_waits"}};
constexpr std::array fault_metrics{Names{"page_faults"}};
constexpr std::array hardware_metrics{Names{"instructions"}, Names{"cycles"}};
constexpr std::array queue_metrics{Names{"sqes"}, Names{"cqes"}, Names{"cqe_overflows"}, Names{"io_wq_punts"}};
constexpr std::array tail_metrics{Names{"sqes"}, Names{"cqes"}};
constexpr std::array socket_metrics{Names{"kernel_copied_bytes"}};
constexpr std::array switch_metrics{Names{"context_switches"}};
constexpr std::array allocation_metrics{Names{"allocations"}, Names{"allocated_bytes"}};
constexpr std::array time_metrics{Names{"cpu_ns"}, Names{"cpu_user_ns"}, Names{"cpu_system_ns"}, Names{"run_delay_ns"}};
constexpr std::array copy_metrics{Names{"copies"}, Names{"copied_bytes"}, Names{"fills"}, Names{"filled_bytes"}};

constexpr std::array catalogue{
    ProbeInfo{"system_calls", Source::bpf, ProbeKind::counter, "system calls by name, at sys_enter and sys_exit", call_metrics,
              attach_system_calls, "getppid", exercise::getppid},
    ProbeInfo{"queue_operations", Source::bpf, ProbeKind::counter, "io_uring submissions and completions by opcode",
              queue_metrics, attach_queue_operations, "io_uring NOP", exercise::uring_nop},
    ProbeInfo{"socket_bytes", Source::bpf, ProbeKind::counter, "bytes that crossed a socket, each way", socket_metrics,
              attach_socket_bytes, "byte through a socket", exercise::socket_byte},
    ProbeInfo{"switches", Source::bpf, ProbeKind::counter, "times a thread left its core", switch_metrics, attach_switches,
              "getppid", exercise::getppid},
    ProbeInfo{"allocations", Source::bpf, ProbeKind::slow_counter,
              "malloc family, by uprobes in the library that serves the target", allocation_metrics, attach_allocations,
              "malloc and free", exercise::malloc_free},
    ProbeInfo{"copies", Source::bpf, ProbeKind::slow_counter,
              "memcpy family, by uprobes at the versions that the C library chose", copy_metrics, attach_copies,
              "memmove of 64 bytes", exercise::memmove_64},
    ProbeInfo{"fdinfo", Source::fdinfo, ProbeKind::counter, "tails of the io_uring queues in /proc", tail_metrics, attach_fdinfo,
              "", nullptr},
    ProbeInfo{"task_switches", Source::proc, ProbeKind::counter, "the kernel's own count of context switches", switch_metrics,
              attach_task_switches, "", nullptr},
    ProbeInfo{"page_faults", Source::proc, ProbeKind::counter, "page faults, minor and major, by the kernel's own count",
              fault_metrics, attach_page_faults, "", nullptr},
    ProbeInfo{"cpu_time", Source::rusage, ProbeKind::timer, "CPU time of all threads, the kernel's io_uring threads among them",
              time_metrics, attach_cpu_time, "", nullptr},
    ProbeInfo{"hardware", Source::rusage, ProbeKind::timer, "instructions and cycles, by the processor's own counters",
              hardware_metrics, attach_hardware, "", nullptr},
};

class AbsentProbe : public Probe {
public:
    AbsentProbe(std::span<const std::string_view> metrics, std::string reason) : metrics_(metrics), reason_(std::move(reason)) {}

    Snapshot read() override {
        Snapshot snapshot;
        for (const std::string_view metric : metrics_) snapshot.set({std::string(metric), ""}, Absent{reason_});
        return snapshot;
    }
    Measured<std::uint64_t> lost_events() override { return Absent{reason_}; }

private:
    std::span<const std::string_view> metrics_;
    std::string reason_;
};

}  // namespace

std::span<const ProbeInfo> probe_catalogue() { return catalogue; }

std::unique_ptr<Probe> attach_or_absent(const ProbeInfo& info, const Target& target) {
    if (::kill(target.pid, 0) != 0 && errno == ESRCH) throw run_failed("process " + std::to_string(target.pid) + " is gone");
    try {
        return info.attach(target);
    } catch (const Error& error) {
        if (error.code() != ExitCode::cannot_measure) throw;
        return std::make_unique<AbsentProbe>(info.metrics, error.what());
    }
}

}  // namespace tare
