// SPDX-License-Identifier: Apache-2.0
// A client that is not ours, as a suite describes it ([client.NAME]): a program that makes so many requests and ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/config_table.h"
#include "harness/load/endpoint.h"

namespace tare {

inline constexpr std::chrono::seconds external_client_wait_max{60};

struct ExternalClient {
    std::vector<std::string> argv = {};                       // executed as it is, without a shell
    std::chrono::seconds timeout = external_client_wait_max;  // of one run of it
};

// The clients of the suite whose tables these are. Throws usage_error with the line and what is allowed.
std::map<std::string, ExternalClient> read_clients(const ConfigTable& suite);

// One run of it.
struct ClientRun {
    Endpoint server;
    std::uint64_t requests = 0;  // of all connections together, a multiple of them
    std::uint64_t connections = 1;
    std::uint64_t key_bytes = 0;
    std::uint64_t value_bytes = 0;
    std::string root = {};  // what {root} stands for
    int cpu = 0;
};

// Runs it to its end. Throws run_failed with its last lines when it fails or does not end within its timeout, cannot_measure when
// there is no such program.
void run_client(const ExternalClient& client, const ClientRun& run);

// The same of a server that may accept before it serves: while it runs, a client that fails is run again, for ten seconds.
void run_client_until_ready(const ExternalClient& client, const ClientRun& run);

}  // namespace tare
