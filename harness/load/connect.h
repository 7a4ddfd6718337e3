// SPDX-License-Identifier: Apache-2.0
// A client's connection to a server on this machine, as every client here makes it.
#pragma once

#include "core/owned_fd.h"
#include "harness/load/endpoint.h"

namespace tare {

// Blocking, of TCP without a delay before small messages, every send and receive limited to endpoint.wait_max. Throws run_failed
// when nothing listens there, or when the server does not take the connection in that time; of UDP nobody has to.
OwnedFd connect_to(const Endpoint& endpoint);

}  // namespace tare
