// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/start_server.h"

namespace tare {
namespace {

ServerProcess start_server(const Servers& servers, const Cell& cell, const Pinning& pinning, const LedgerFile& ledger,
                           const std::optional<FixedReply>& fixed, ServerFolder& folder) {
    if (cell.external()) {
        const ExternalServer& external = servers.external.at(cell.key.variant.server);
        Endpoint endpoint = new_endpoint(external, folder);
        endpoint.wait_max = servers.wait_max;
        return {command_line(external, endpoint, folder), pinning.server_cpu, endpoint};
    }
    std::vector<std::string> arguments{servers.reference.program(cell.key.build), to_string(cell.key.variant), "--poll-cpu",
                                       std::to_string(pinning.client_cpu)};
    if (cell.key.build == Build::counted) arguments.insert(arguments.end(), {"--ledger", ledger.path_for_child()});
    if (fixed) {
        const auto null_arguments = fixed->arguments();
        arguments.insert(arguments.end(), null_arguments.begin(), null_arguments.end());
    }
    return {arguments, pinning.server_cpu};
}

}  // namespace

CellServer::CellServer(const Servers& servers, const Cell& cell, const Pinning& pinning, const std::optional<FixedReply>& fixed)
    : process_(start_server(servers, cell, pinning, ledger_, fixed, folder_)) {
    if (!cell.external()) return;
    const ExternalServer& external = servers.external.at(cell.key.variant.server);
    protocol_ = external.protocol;
    files_ = files_of(external, folder_);
}

}  // namespace tare
