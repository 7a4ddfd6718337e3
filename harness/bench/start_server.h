// SPDX-License-Identifier: Apache-2.0
// The server of a cell as a running process: which program, with which arguments, on which core.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/bench/external_client.h"
#include "harness/bench/external_server.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "harness/load/protocols/fixed_reply.h"
#include "harness/load/protocols/protocol_kind.h"
#include "harness/process/cpu_affinity.h"
#include "probes/counters/ledger_page.h"
#include "probes/counters/user_counter.h"

namespace tare {

// Everything that a cell's server may be started from.
struct Servers {
    const ReferenceServers& reference;
    const std::map<std::string, ExternalServer>& external;
    const std::vector<UserCounter>& counters;  // of any of them, in lockstep
    const std::map<std::string, ExternalClient>& clients;
    std::chrono::milliseconds wait_max = client_wait_max;  // of a client, for anything from an external server
};

// A null server parses nothing: it answers one fixed reply to every request of that length.
inline bool is_null(const Cell& cell) { return cell.key.variant.server == "null"; }

// The server while it runs, with what it needs: a ledger in the counted build, a folder where an external one asks for it.
class CellServer {
public:
    // `fixed` is what a null server answers. Throws as ServerProcess does.
    CellServer(const Servers& servers, const Cell& cell, const Pinning& pinning, const std::optional<FixedReply>& fixed);

    ServerProcess& process() { return process_; }
    const ServerProcess& process() const { return process_; }
    const LedgerFile& ledger() const { return ledger_; }
    const SpokenProtocol& protocol() const { return protocol_; }
    // Where it looks for the keys' files; empty for one that has none.
    const std::filesystem::path& files() const { return files_; }

private:
    LedgerFile ledger_;
    ServerFolder folder_;  // before the process: goes after it
    ServerProcess process_;
    SpokenProtocol protocol_;
    std::filesystem::path files_;
};

}  // namespace tare
