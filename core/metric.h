// SPDX-License-Identifier: Apache-2.0
// The metric table: every quantity that a row of observations.csv can hold, with its unit and which way is better.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tare {

enum class Direction : std::uint8_t { smaller_is_better, neither };

struct Metric {
    std::string_view name;
    std::string_view unit;
    Direction direction;
    std::string_view description;
};

// Kept in the order in which tables and `tare list metrics` show them.
inline constexpr std::array metrics{
    Metric{"syscalls", "calls", Direction::smaller_is_better, "system calls entered; detail: the call's name"},
    Metric{"syscalls_eagain", "calls", Direction::smaller_is_better, "calls that returned EAGAIN; detail: the call's name"},
    Metric{"syscalls_short", "calls", Direction::neither,
           "read, write, pread64, pwrite64, recvfrom and sendto that moved fewer bytes than asked; detail: the call's name"},
    Metric{"syscalls_zero", "calls", Direction::smaller_is_better,
           "these, readv, writev, recvmsg and sendmsg, that moved nothing; detail: the call's name"},
    Metric{"wait_events", "events", Direction::neither,
           "readiness events that epoll_wait, epoll_pwait and epoll_pwait2 returned"},
    Metric{"thread_syscalls", "calls", Direction::neither,
           "the system calls by thread; detail: its place in the order of beginning, and its name"},
    Metric{"sqes", "entries", Direction::smaller_is_better, "io_uring submissions; detail: the opcode"},
    Metric{"cqes", "entries", Direction::smaller_is_better, "io_uring completions posted; detail: the opcode"},
    Metric{"cqe_overflows", "entries", Direction::smaller_is_better, "completions that found the queue full"},
    Metric{"io_wq_punts", "requests", Direction::smaller_is_better,
           "io_uring requests handed to a worker thread; detail: the opcode"},
    Metric{"allocations", "calls", Direction::smaller_is_better,
           "calls of the malloc family; detail: the site (ledger) or the function (bpf)"},
    Metric{"allocated_bytes", "bytes", Direction::smaller_is_better, "bytes asked of the malloc family"},
    Metric{"allocation_sizes", "calls", Direction::neither,
           "the allocations by the size asked; detail: its power of two, in bytes"},
    Metric{"copies", "calls", Direction::smaller_is_better,
           "memcpy and memmove; detail: the edge (ledger) or the function (bpf)"},
    Metric{"copied_bytes", "bytes", Direction::smaller_is_better, "bytes copied by memcpy and memmove"},
    Metric{"copy_sizes", "calls", Direction::neither, "the copies by their size; detail: its power of two, in bytes"},
    Metric{"fills", "calls", Direction::smaller_is_better, "memset"},
    Metric{"filled_bytes", "bytes", Direction::smaller_is_better, "bytes set by memset"},
    Metric{"allocation_sites", "calls", Direction::neither, "the allocations by call site; detail: function (file:line)"},
    Metric{"copy_sites", "calls", Direction::neither, "the copies by call site; detail likewise"},
    Metric{"syscall_sites", "calls", Direction::neither, "the system calls by call site; detail: the call's name and the site"},
    Metric{"kernel_copied_bytes", "bytes", Direction::neither, "bytes that crossed a socket; detail: received or sent"},
    Metric{"context_switches", "switches", Direction::smaller_is_better,
           "times a thread left its core; detail: voluntary or preempted"},
    Metric{"requests_sent", "requests", Direction::neither, "requests the client sent"},
    Metric{"replies_received", "requests", Direction::neither, "replies the client verified"},
    Metric{"requests_parsed", "requests", Direction::neither, "requests the server understood"},
    Metric{"connections_dismissed", "connections", Direction::smaller_is_better, "connections the server closed for an error"},
    Metric{"sent_bytes", "bytes", Direction::neither, "bytes this side handed to the socket"},
    Metric{"received_bytes", "bytes", Direction::neither, "bytes this side took from the socket"},
    Metric{"cpu_ns", "ns", Direction::smaller_is_better,
           "CPU time of the server: every thread of its process, io_uring's among them"},
    Metric{"cpu_user_ns", "ns", Direction::smaller_is_better,
           "the part of cpu_ns in user mode, as the kernel divides it by its ticks"},
    Metric{"cpu_system_ns", "ns", Direction::smaller_is_better, "the part of cpu_ns in the kernel, divided likewise"},
    Metric{"run_delay_ns", "ns", Direction::smaller_is_better,
           "time in which the server's busiest thread was ready and no core was free"},
    Metric{"elapsed_ns", "ns", Direction::smaller_is_better,
           "length of the window, from the first request sent to the last reply; of an open loop to its end at least"},
    Metric{"client_cpu_ns", "ns", Direction::smaller_is_better, "CPU time of the load generator in the window"},
    Metric{"latency_ns", "ns", Direction::smaller_is_better,
           "sum over the requests, from the intended send time to the reply's last byte"},
    Metric{"latency_percentile_ns", "ns", Direction::smaller_is_better,
           "not a sum: latency of one request; detail: p50, p90, p99, p99.9, p99.99 or max"},
    Metric{"late_ns", "ns", Direction::smaller_is_better,
           "open loop: sum over the requests, how long after its intended time each was sent"},
    Metric{"late_percentile_ns", "ns", Direction::smaller_is_better, "not a sum: lateness of one request; detail as above"},
    Metric{"offered_per_s", "requests/s", Direction::neither,
           "open loop: the rate that the client was to keep, one for all servers of a workload"},
    Metric{"open_elapsed_ns", "ns", Direction::smaller_is_better, "elapsed_ns of the open-loop window of a load cell"},
    Metric{"open_latency_ns", "ns", Direction::smaller_is_better, "latency_ns of the open-loop window"},
    Metric{"open_latency_percentile_ns", "ns", Direction::smaller_is_better, "latency_percentile_ns of the open-loop window"},
    Metric{"marks", "marks", Direction::smaller_is_better,
           "what makes a window's times doubtful; detail: client_bound, over_capacity, steal, other_load"},
    Metric{"lost_events", "events", Direction::smaller_is_better,
           "updates a probe could not record; above 0 the window is refused"},
};

// The metric's row, or nullptr for a name that is none.
constexpr const Metric* metric_named(std::string_view name) {
    for (const Metric& metric : metrics) {
        if (metric.name == name) return &metric;
    }
    return nullptr;
}

}  // namespace tare
