// SPDX-License-Identifier: Apache-2.0
// The system calls that the reference servers issue themselves, by the kernel's names. What an allocator or the C
// library adds (brk, mmap) is not here: the ledger cannot see it, BPF does.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tare {

enum class SystemCall : std::uint8_t {
    epoll_wait,
    epoll_ctl,
    accept4,
    recvfrom,
    sendto,
    sendmsg,
    setsockopt,
    shutdown,
    close,
    io_uring_enter,
    io_uring_register,
    openat,
    clock_nanosleep,
};

inline constexpr std::array<std::string_view, 13> system_call_names{
    "epoll_wait", "epoll_ctl", "accept4",        "recvfrom",          "sendto", "sendmsg",        "setsockopt",
    "shutdown",   "close",     "io_uring_enter", "io_uring_register", "openat", "clock_nanosleep"};

inline constexpr std::size_t system_call_count = system_call_names.size();

constexpr std::size_t index_of(SystemCall call) { return static_cast<std::size_t>(call); }
constexpr std::string_view name_of(SystemCall call) { return system_call_names[index_of(call)]; }

}  // namespace tare
