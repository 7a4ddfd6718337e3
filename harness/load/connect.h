// SPDX-License-Identifier: Apache-2.0
// A client's TCP connection on loopback, as every client here makes it.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/owned_fd.h"

namespace tare {

// The longest that a client waits for anything: a connection, room to send, a reply.
inline constexpr std::chrono::seconds client_wait_max{5};

// Blocking, no delay before small messages, every send and receive limited to client_wait_max. Throws run_failed when nothing
// listens there, or when the server does not take the connection in that time.
OwnedFd connect_to(std::uint16_t port);

}  // namespace tare
