// SPDX-License-Identifier: Apache-2.0
// The server of a cell as a running process: which program, with which arguments, on which core.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "harness/bench/cell.h"
#include "harness/bench/external_server.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "harness/load/protocols/fixed_reply.h"
#include "harness/process/cpu_affinity.h"
#include "probes/counters/ledger_page.h"

namespace tare {

// Everything that a cell's server may be started from.
struct Servers {
    const ReferenceServers& reference;
    const std::map<std::string, ExternalServer>& external;
};

// A null server parses nothing: it answers one fixed reply to every request of that length.
inline bool is_null(const Cell& cell) { return cell.key.variant.server == "null"; }

// `fixed` is what a null server answers; `ledger` is used by the counted build only, `folder` by an external server that
// needs one; it must outlive the server. Throws as ServerProcess does.
ServerProcess start_server(const Servers& servers, const Cell& cell, const Pinning& pinning, const LedgerFile& ledger,
                           const std::optional<FixedReply>& fixed, ServerFolder& folder);

}  // namespace tare
