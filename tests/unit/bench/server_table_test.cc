// SPDX-License-Identifier: Apache-2.0
// What a suite says of protocols and of how a server is reached, and what it may not say, with its line.
#include "harness/bench/server_table.h"

#include <gtest/gtest.h>

#include "tests/refusal.h"

namespace tare {
namespace {

std::map<std::string, ExternalServer> parsed(const std::string& text) {
    static const std::string where = "s.toml";
    const toml::table root = parse_toml(text, where);
    std::map<std::string, ExternalServer> servers;
    add_servers(servers, ConfigTable(root, where));
    return servers;
}

std::string refused(const std::string& text) {
    return refusal(ExitCode::usage, [&] { parsed(text); });
}

const std::string server = "[server.s]\nargv = [\"s\"]\nprotocol = \"line\"\n";

// The operation stands in lines 1 to 2 and then `lines`.
std::string refused_operation(const std::string& lines) {
    return refused("[protocol.line.get]\nrequest = \"GET {key}\\n\"\n" + lines + "\n" + server);
}

TEST(server_table, a_protocol_is_described_and_spoken) {
    const auto servers = parsed(R"(
[protocol.line]
values = "bytes"
[protocol.line.get]
request = "GET {key}\n"
until = "\n"
begins = "VALUE "
prepare = "set"
max_bytes = 500
[protocol.line.set]
request = 'SET {key} {value}\x0a'
reply = "OK\n"
proof = "get"
[protocol.line.framed]
request = "{rest_bytes:u32be}{key}"
length = {at = 2, bytes = 4, endian = "little", add = -2}
)" + server);
    const SpokenProtocol& protocol = servers.at("s").protocol;
    ASSERT_NE(protocol.own, nullptr);
    EXPECT_FALSE(protocol.own->values_are_text);
    EXPECT_EQ(operations_of(protocol), (std::vector<std::string>{"framed", "get", "set"}));
    const Operation get = *operation_named(protocol, "get");
    EXPECT_EQ(preparation_of(protocol, get), operation_named(protocol, "set"));
    EXPECT_TRUE(stores(protocol, *operation_named(protocol, "set")));
    EXPECT_FALSE(stores(protocol, get));
    const ReplyRule& framed = protocol.own->operations[0].reply;
    EXPECT_EQ(framed.length_at, 2U);
    EXPECT_EQ(framed.length_format.width_bytes, 4U);
    EXPECT_FALSE(framed.length_format.big_endian);
    EXPECT_EQ(framed.length_added, -2);
    EXPECT_EQ(protocol.own->operations[1].reply.bytes_max, 500U);
}

TEST(server_table, a_placeholder_that_is_unknown_is_refused_with_its_line) {
    EXPECT_EQ(
        refused("[protocol.line.get]\nrequest = \"GET {name}\"\nreply = \"x\"\n" + server),
        "s.toml:2: request: unknown placeholder {name}; there are: {key}, {value}, {value_bytes}, {n}, {rest_bytes}; a brace "
        "by itself is written twice");
    EXPECT_NE(refused_operation("reply = \"{\"").find("s.toml:3: reply: a '{' that is not closed"), std::string::npos);
    EXPECT_NE(refused_operation("reply = '\\q'").find("s.toml:3: reply: a backslash"), std::string::npos);
    EXPECT_NE(refused_operation("reply = \"{key:u8}\"").find("only numbers have a format"), std::string::npos);
    EXPECT_NE(refused_operation("reply = \"{rest_bytes:u8}\"").find("of requests only"), std::string::npos);
    EXPECT_NE(refused_operation("until = \"{key}\"").find("s.toml:3: until: a placeholder"), std::string::npos);
}

TEST(server_table, a_reply_that_cannot_end_is_refused_with_its_line) {
    EXPECT_EQ(refused_operation(""),
              "s.toml:1: a reply that cannot end; one of these says where a reply ends: reply, until, length, "
              "http, datagram");
    EXPECT_NE(refused_operation("reply = \"x\"\nuntil = \"y\"").find("reply and until are given"), std::string::npos);
    EXPECT_NE(refused_operation("reply = \"\"").find("s.toml:3: a reply without a byte"), std::string::npos);
    EXPECT_NE(refused_operation("until = \"\"").find("s.toml:3: until has 0 bytes"), std::string::npos);
    EXPECT_NE(refused_operation("length = {at = 1}").find("'bytes' is missing"), std::string::npos);
    EXPECT_NE(refused_operation("length = {bytes = 9}").find("allowed: 1 to 8"), std::string::npos);
    EXPECT_NE(refused_operation("length = {at = 1, bytes = 2}\nbegins = \"abc\"").find("s.toml:4: begins goes beyond byte 1"),
              std::string::npos);
    EXPECT_NE(refused_operation("max_bytes = 0\nuntil = \"x\"").find("s.toml:3: max_bytes is 0"), std::string::npos);
}

TEST(server_table, what_else_a_protocol_may_not_say_is_refused) {
    EXPECT_NE(refused_operation("reply = \"x\"\nprepare = \"set\"").find("no operation of protocol line; there are: get"),
              std::string::npos);
    EXPECT_NE(refused_operation("reply = \"x\"\nbegins = \"y\"").find("begins goes with"), std::string::npos);
    EXPECT_NE(refused_operation("reply = \"x\"\nend = \"y\"").find("unknown key 'end'"), std::string::npos);
    EXPECT_NE(refused("[protocol.resp.get]\nrequest = \"x\"\nreply = \"y\"\n").find("resp is built in"), std::string::npos);
    EXPECT_NE(refused("[protocol.line]\nvalues = \"text\"\n").find("protocol line has 0 operations"), std::string::npos);
    EXPECT_NE(refused("[protocol.line.\"a b\"]\nrequest = \"x\"\nreply = \"y\"\n").find("'a b'"), std::string::npos);
}

TEST(server_table, a_server_may_listen_on_a_unix_socket_or_a_udp_port) {
    const std::string line = "[protocol.line.get]\nrequest = \"x\"\ndatagram = true\n";
    const auto servers = parsed(line + server + "transport = \"udp\"\n[server.u]\nargv = [\"u\"]\ntransport = \"unix\"\n");
    EXPECT_EQ(servers.at("s").transport, Transport::udp);
    EXPECT_EQ(servers.at("u").socket, "{dir}/socket");
    ServerFolder folder;
    const Endpoint endpoint = new_endpoint(servers.at("u"), folder);
    EXPECT_EQ(endpoint.path, folder.path().string() + "/socket");
    EXPECT_EQ(command_line({.argv = {"u", "-s{socket}"}}, endpoint, folder)[1], "-s" + endpoint.path);
    EXPECT_NE(refused(line + server).find("only a server of transport udp sends such"), std::string::npos);
    EXPECT_NE(refused("[server.s]\nargv = [\"s\"]\ntransport = \"udp\"\n").find("needs a protocol of the suite"),
              std::string::npos);
    EXPECT_NE(refused("[server.s]\nargv = [\"s\"]\nsocket = \"x\"\n").find("only a server of transport unix"), std::string::npos);
    EXPECT_NE(refused("[server.s]\nargv = [\"s\"]\ntransport = \"sctp\"\n").find("allowed: tcp, unix, udp"), std::string::npos);
}

}  // namespace
}  // namespace tare
