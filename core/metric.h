// SPDX-License-Identifier: Apache-2.0
// The metric table: every quantity that a row of observations.csv can hold, with its unit, how its values are put together and
// which way is better. Nobody reads any of that from a metric's name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tare {

enum class Direction : std::uint8_t { smaller_is_better, neither };

// What a window's value is made of, and so what may be done with it.
enum class Aggregation : std::uint8_t {
    count,       // a sum of events
    bytes,       // a sum of sizes
    cpu_time,    // a sum of what the server's threads worked, however fast requests come
    time,        // another sum of times
    percentile,  // of single times: no sum, never divided by the requests
    rate,        // per second: no sum either
    level,       // how much there was at once: no sum either
    flag,        // says something of the window or its probes, nothing of the server
};

// Under load, the window that a value is of.
enum class LoopKind : std::uint8_t { closed, open };

struct Metric {
    std::string_view name;
    std::string_view unit;
    Aggregation aggregation;
    Direction direction;
    std::string_view description;
    LoopKind loop = LoopKind::closed;

    // Whether its value, divided by the requests of the window, is what one of them took.
    constexpr bool is_sum() const {
        return aggregation != Aggregation::percentile && aggregation != Aggregation::rate && aggregation != Aggregation::level;
    }
    // Whether it is measured by a clock: two windows of the same requests differ.
    constexpr bool is_time() const {
        return aggregation == Aggregation::cpu_time || aggregation == Aggregation::time || aggregation == Aggregation::percentile;
    }
};

// Kept in the order in which tables and `tare list metrics` show them.
inline constexpr std::array metrics{
    Metric{"syscalls", "calls", Aggregation::count, Direction::smaller_is_better,
           "system calls entered; detail: the call's name"},
    Metric{"syscalls_eagain", "calls", Aggregation::count, Direction::smaller_is_better,
           "calls that returned EAGAIN; detail: the call's name"},
    Metric{"syscalls_short", "calls", Aggregation::count, Direction::neither,
           "read, write, pread64, pwrite64, recvfrom and sendto that moved fewer bytes than asked; detail: the call's name"},
    Metric{"syscalls_zero", "calls", Aggregation::count, Direction::smaller_is_better,
           "these, readv, writev, recvmsg and sendmsg, that moved nothing; detail: the call's name"},
    Metric{"wait_events", "events", Aggregation::count, Direction::neither,
           "readiness events that epoll_wait, epoll_pwait and epoll_pwait2 returned"},
    Metric{"futex_waits", "calls", Aggregation::count, Direction::smaller_is_better,
           "futex calls that waited; detail: woken, timed_out or interrupted"},
    Metric{"thread_syscalls", "calls", Aggregation::count, Direction::neither,
           "the system calls by thread; detail: its place in the order of beginning, and its name"},
    Metric{"sqes", "entries", Aggregation::count, Direction::smaller_is_better, "io_uring submissions; detail: the opcode"},
    Metric{"cqes", "entries", Aggregation::count, Direction::smaller_is_better,
           "io_uring completions posted; detail: the opcode"},
    Metric{"cqe_overflows", "entries", Aggregation::count, Direction::smaller_is_better, "completions that found the queue full"},
    Metric{"io_wq_punts", "requests", Aggregation::count, Direction::smaller_is_better,
           "io_uring requests handed to a worker thread; detail: the opcode"},
    Metric{"allocations", "calls", Aggregation::count, Direction::smaller_is_better,
           "calls of the malloc family; detail: the site (ledger) or the function (bpf)"},
    Metric{"allocated_bytes", "bytes", Aggregation::bytes, Direction::smaller_is_better, "bytes asked of the malloc family"},
    Metric{"allocation_sizes", "calls", Aggregation::count, Direction::neither,
           "the allocations by the size asked; detail: its power of two, in bytes"},
    Metric{"copies", "calls", Aggregation::count, Direction::smaller_is_better,
           "memcpy and memmove; detail: the edge (ledger) or the function (bpf)"},
    Metric{"copied_bytes", "bytes", Aggregation::bytes, Direction::smaller_is_better, "bytes copied by memcpy and memmove"},
    Metric{"copy_sizes", "calls", Aggregation::count, Direction::neither,
           "the copies by their size; detail: its power of two, in bytes"},
    Metric{"fills", "calls", Aggregation::count, Direction::smaller_is_better, "memset"},
    Metric{"filled_bytes", "bytes", Aggregation::bytes, Direction::smaller_is_better, "bytes set by memset"},
    Metric{"allocation_sites", "calls", Aggregation::count, Direction::neither,
           "the allocations by call site; detail: function (file:line)"},
    Metric{"copy_sites", "calls", Aggregation::count, Direction::neither, "the copies by call site; detail likewise"},
    Metric{"syscall_sites", "calls", Aggregation::count, Direction::neither,
           "the system calls by call site; detail: the call's name and the site"},
    Metric{"counter_sites", "calls", Aggregation::count, Direction::neither,
           "the calls of functions that a suite's counters name, by call site; detail: the function and the site"},
    Metric{"kernel_copied_bytes", "bytes", Aggregation::bytes, Direction::neither,
           "bytes that crossed a socket; detail: received or sent"},
    Metric{"context_switches", "switches", Aggregation::count, Direction::smaller_is_better,
           "times a thread left its core; detail: voluntary or preempted"},
    Metric{"page_faults", "faults", Aggregation::count, Direction::smaller_is_better,
           "touches of memory that was not mapped yet; detail: minor or major (read from a disk)"},
    Metric{"max_rss_bytes", "bytes", Aggregation::level, Direction::smaller_is_better,
           "not a sum: the most memory that was resident at once, since the program began"},
    Metric{"requests_sent", "requests", Aggregation::count, Direction::neither, "requests the client sent"},
    Metric{"replies_received", "requests", Aggregation::count, Direction::neither, "replies the client verified"},
    Metric{"requests_parsed", "requests", Aggregation::count, Direction::neither, "requests the server understood"},
    Metric{"connections_dismissed", "connections", Aggregation::count, Direction::smaller_is_better,
           "connections the server closed for an error"},
    Metric{"sent_bytes", "bytes", Aggregation::bytes, Direction::neither, "bytes this side handed to the socket"},
    Metric{"received_bytes", "bytes", Aggregation::bytes, Direction::neither, "bytes this side took from the socket"},
    Metric{"cpu_ns", "ns", Aggregation::cpu_time, Direction::smaller_is_better,
           "CPU time of the server: every thread of its process, io_uring's among them"},
    Metric{"cpu_user_ns", "ns", Aggregation::cpu_time, Direction::smaller_is_better,
           "the part of cpu_ns in user mode, as the kernel divides it by its ticks"},
    Metric{"cpu_system_ns", "ns", Aggregation::cpu_time, Direction::smaller_is_better,
           "the part of cpu_ns in the kernel, divided likewise"},
    Metric{"instructions", "instructions", Aggregation::count, Direction::smaller_is_better,
           "instructions that the processor retired for the server or command, by its own counters"},
    Metric{"cycles", "cycles", Aggregation::count, Direction::smaller_is_better,
           "cycles of the processor in which it worked for the server or command"},
    Metric{"run_delay_ns", "ns", Aggregation::time, Direction::smaller_is_better,
           "time in which the server's busiest thread was ready and no core was free"},
    Metric{"elapsed_ns", "ns", Aggregation::time, Direction::smaller_is_better,
           "length of the window, from the first request sent to the last reply; of an open loop to its end at least"},
    Metric{"client_cpu_ns", "ns", Aggregation::time, Direction::smaller_is_better,
           "CPU time of the load generator in the window"},
    Metric{"latency_ns", "ns", Aggregation::time, Direction::smaller_is_better,
           "sum over the requests, from the intended send time to the reply's last byte"},
    Metric{"latency_percentile_ns", "ns", Aggregation::percentile, Direction::smaller_is_better,
           "not a sum: latency of one request; detail: p50, p90, p99, p99.9, p99.99 or max"},
    Metric{"late_ns", "ns", Aggregation::time, Direction::smaller_is_better,
           "open loop: sum over the requests, how long after its intended time each was sent", LoopKind::open},
    Metric{"late_percentile_ns", "ns", Aggregation::percentile, Direction::smaller_is_better,
           "not a sum: lateness of one request; detail as above", LoopKind::open},
    Metric{"offered_per_s", "requests/s", Aggregation::rate, Direction::neither,
           "open loop: the rate that the client was to keep, one for all servers of a workload", LoopKind::open},
    Metric{"open_elapsed_ns", "ns", Aggregation::time, Direction::smaller_is_better,
           "elapsed_ns of the open-loop window of a load cell", LoopKind::open},
    Metric{"open_latency_ns", "ns", Aggregation::time, Direction::smaller_is_better, "latency_ns of the open-loop window",
           LoopKind::open},
    Metric{"open_latency_percentile_ns", "ns", Aggregation::percentile, Direction::smaller_is_better,
           "latency_percentile_ns of the open-loop window", LoopKind::open},
    Metric{"marks", "marks", Aggregation::flag, Direction::smaller_is_better,
           "what makes a window's times doubtful; detail: client_bound, over_capacity, steal, other_load"},
    Metric{"client_io", "", Aggregation::flag, Direction::neither,
           "1: by what tare's client sent and received in this window; detail: io_uring or epoll"},
    Metric{"lost_events", "events", Aggregation::flag, Direction::smaller_is_better,
           "updates a probe could not record; above 0 the window is refused"},
};

// The metric's row, or nullptr for a name that is none.
constexpr const Metric* metric_named(std::string_view name) {
    for (const Metric& metric : metrics) {
        if (metric.name == name) return &metric;
    }
    return nullptr;
}

inline constexpr Metric own_counter{"", "events", Aggregation::count, Direction::smaller_is_better, ""};

// The metric's row; for a name that is none, that of a counter which only a suite knows: a sum of events, the fewer the better.
constexpr const Metric& metric_of(std::string_view name) {
    const Metric* const metric = metric_named(name);
    return metric == nullptr ? own_counter : *metric;
}

// Where the metric stands in the table; behind all for a name that is none.
constexpr std::size_t place_in_table(std::string_view name) {
    const Metric* const metric = metric_named(name);
    return metric == nullptr ? metrics.size() : static_cast<std::size_t>(metric - metrics.data());
}

}  // namespace tare
