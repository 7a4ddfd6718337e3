// SPDX-License-Identifier: Apache-2.0
// The listening socket, and the stop flag that SIGTERM and SIGINT set.
#pragma once

#include <csignal>
#include <cstdint>
#include <string_view>

#include "core/owned_fd.h"

namespace tare {

struct Listener {
    OwnedFd fd;  // non-blocking
    std::uint16_t port = 0;
};

// Listens on 127.0.0.1; port 0 takes any free one. Throws run_failed naming address and cause.
Listener listen_on_loopback(std::uint16_t port);

// Set once the process was asked to stop; the loops look at it when a wait call returns.
extern volatile std::sig_atomic_t stop_requested;

// From now on SIGTERM and SIGINT set stop_requested and interrupt a wait call.
void catch_stop_signals();

// Prints `ready port=N pid=P build=… variant=… rest=…` on stdout: from now on a connection is served. `spins`: whether the
// server awaits the next request without sleeping.
void announce_ready(const Listener& listener, std::string_view variant, bool spins);

}  // namespace tare
