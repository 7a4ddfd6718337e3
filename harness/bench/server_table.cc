// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/server_table.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "harness/bench/protocol_table.h"
#include "harness/bench/subject_name.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 7> server_keys{"argv", "version", "protocol", "files", "config", "transport", "socket"};

SpokenProtocol spoken_by(const ConfigTable& server, const ProtocolTemplates& described) {
    if (!server.has("protocol")) return {};
    std::vector<std::string_view> names(protocol_names.begin(), protocol_names.end());
    for (const auto& [name, protocol] : described) names.push_back(name);
    const std::string name = server.text("protocol", names);
    const auto own = described.find(name);
    return own == described.end() ? SpokenProtocol(*protocol_named(name)) : SpokenProtocol(own->second);
}

void read_transport(ExternalServer& described, const ConfigTable& server) {
    if (server.has("transport")) described.transport = *transport_named(server.text("transport", transport_names));
    if (described.transport == Transport::unix_stream)
        described.socket = server.has("socket") ? server.text("socket") : "{dir}/socket";
    else if (server.has("socket"))
        throw server.wrong("socket", "only a server of transport unix has 'socket', the path that it listens on");
    const ProtocolTemplate* const own = described.protocol.own.get();
    if (described.transport == Transport::udp && own == nullptr)
        throw server.wrong("transport", "a server of transport udp needs a protocol of the suite: [protocol.NAME]");
    if (own == nullptr || described.transport == Transport::udp) return;
    for (const TemplateOperation& operation : own->operations) {
        if (operation.reply.kind == ReplyRule::Kind::datagram)
            throw server.wrong("protocol", "the reply of " + operation.name + " in protocol " + own->name +
                                               " is a datagram; only a server of transport udp sends such");
    }
}

ExternalServer read_server(const ConfigTable& server, const ProtocolTemplates& protocols) {
    server.allow(server_keys);
    ExternalServer described;
    described.argv = server.texts("argv");
    if (server.has("version")) described.version = server.texts("version");
    described.protocol = spoken_by(server, protocols);
    if (server.has("files")) described.files = server.text("files");
    if (server.has("config")) described.config = server.text("config");
    const bool http = described.protocol.is(ProtocolKind::http);
    if (http && !server.has("files"))
        throw server.wrong("a server of protocol http needs 'files', the folder where it looks for the keys");
    read_transport(described, server);
    if (!http && server.has("files")) throw server.wrong("only a server of protocol http has 'files'");
    return described;
}

}  // namespace

void add_servers(std::map<std::string, ExternalServer>& all, const ConfigTable& suite) {
    ProtocolTemplates protocols;
    if (const auto described = suite.table("protocol")) protocols = read_protocols(*described);
    const auto servers = suite.table("server");
    if (!servers) return;
    for (const std::string& name : servers->keys()) {
        if (!is_subject_name(name))
            throw servers->wrong(name, fmt::format("'{}' is no name for a server: letters, digits and _ - . +", name));
        all[name] = read_server(*servers->table(name), protocols);
    }
}

}  // namespace tare
