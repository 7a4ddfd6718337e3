// SPDX-License-Identifier: Apache-2.0
// A reference server for a test of the load generator, with its limit of descriptors raised first.
#pragma once

#include <string>

#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "harness/process/descriptor_limit.h"

namespace tare {

inline ServerProcess served(const std::string& variant = "epoll/level/gathered_reply", std::uint64_t connections = 1) {
    allow_connections(connections);
    return {{ReferenceServers::beside_this_program().program(Build::timed), variant}, std::nullopt};
}

}  // namespace tare
