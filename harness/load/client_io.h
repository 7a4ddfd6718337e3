// SPDX-License-Identifier: Apache-2.0
// By which interface of the kernel the load generator sends and receives, and what decides it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/enum_names.h"
#include "harness/load/endpoint.h"

namespace tare {

enum class ClientIo : std::uint8_t {
    automatic,  // io_uring where it can be had, else epoll
    io_uring,
    epoll,
};

inline constexpr std::array<std::string_view, 3> client_io_names{"auto", "io_uring", "epoll"};

constexpr std::string_view name_of(ClientIo io) { return client_io_names[static_cast<std::size_t>(io)]; }

constexpr std::optional<ClientIo> client_io_named(std::string_view name) { return enum_named<ClientIo>(client_io_names, name); }

struct ChosenClientIo {
    ClientIo used = ClientIo::epoll;  // never automatic
    std::string reason = {};          // why `auto` is epoll; empty where it is io_uring, or where one was asked for by name
};

// Why io_uring cannot be used here by a load generator: the call that this kernel, or whoever restricts it, refuses. Empty where
// it can. Asked of the kernel once a process.
const std::string& io_uring_refusal();

// Throws cannot_measure when io_uring is asked for and this kernel refuses it, usage_error when it is asked for and this load
// cannot use it: a transport of datagrams, or more connections on one thread than a ring is made for.
ChosenClientIo choose_client_io(ClientIo asked, const Endpoint& server, std::uint64_t connections_of_a_thread);

}  // namespace tare
