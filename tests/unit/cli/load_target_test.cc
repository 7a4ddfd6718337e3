// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/load_target.h"

#include <gtest/gtest.h>

#include "tests/refusal.h"

namespace tare::cli {
namespace {

TEST(load_target, a_scheme_says_protocol_and_port) {
    const LoadTarget redis = parse_target("redis://127.0.0.1");
    EXPECT_EQ(redis.protocol, ProtocolKind::resp);
    EXPECT_EQ(to_string(redis.endpoint), "127.0.0.1:6379");
    const LoadTarget memcached = parse_target("memcached://127.0.0.1:4000");
    EXPECT_EQ(memcached.protocol, ProtocolKind::memcached);
    EXPECT_EQ(memcached.endpoint.port, 4000);
}

TEST(load_target, http_has_a_host_and_a_folder) {
    const LoadTarget whole = parse_target("http://127.0.0.1:8080/files/small");
    EXPECT_EQ(whole.protocol, ProtocolKind::http);
    EXPECT_EQ(whole.endpoint.port, 8080);
    EXPECT_EQ(whole.http.folder, "/files/small/");
    const LoadTarget bare = parse_target("http://localhost");
    EXPECT_EQ(bare.endpoint.port, 80);
    EXPECT_EQ(bare.http.folder, "/");
    EXPECT_EQ(bare.http.host, "localhost");
    EXPECT_TRUE(bare.endpoint.host == "127.0.0.1" || bare.endpoint.host == "::1") << bare.endpoint.host;
}

TEST(load_target, ipv6_stands_in_brackets) {
    const LoadTarget target = parse_target("redis://[::1]:7000");
    EXPECT_EQ(target.endpoint.host, "::1");
    EXPECT_EQ(to_string(target.endpoint), "[::1]:7000");
}

TEST(load_target, http_is_told_the_host_as_it_was_written) {
    EXPECT_EQ(parse_target("http://[::1]:8080/files").http.host, "[::1]:8080");
    EXPECT_EQ(parse_target("http://[::1]").http.host, "[::1]");
    EXPECT_EQ(parse_target("http://localhost:8080").http.host, "localhost:8080");
}

TEST(load_target, a_socket_is_a_path) {
    for (const char* const text : {"unix:///run/redis.sock", "unix:/run/redis.sock"}) {
        const LoadTarget target = parse_target(text);
        EXPECT_EQ(target.endpoint.transport, Transport::unix_stream);
        EXPECT_EQ(target.endpoint.path, "/run/redis.sock");
        EXPECT_FALSE(target.protocol);
    }
}

TEST(load_target, without_a_scheme_it_is_host_and_port) {
    const LoadTarget target = parse_target("127.0.0.1:11211");
    EXPECT_EQ(target.endpoint.port, 11211);
    EXPECT_FALSE(target.protocol);
}

TEST(load_target, what_is_none_is_refused_with_what_there_is) {
    const auto refused = [](const std::string& text) { return refusal(ExitCode::usage, [&] { parse_target(text); }); };
    EXPECT_NE(refused("https://127.0.0.1").find("TLS"), std::string::npos);
    EXPECT_NE(refused("reids://127.0.0.1").find("did you mean 'redis'?"), std::string::npos);
    EXPECT_NE(refused("127.0.0.1").find("names no port"), std::string::npos);
    EXPECT_NE(refused("127.0.0.1:http").find("'http' is no port"), std::string::npos);
    EXPECT_NE(refused("127.0.0.1:70000").find("is no port"), std::string::npos);
    EXPECT_NE(refused("redis://:6379").find("names no host"), std::string::npos);
    EXPECT_NE(refused("redis://127.0.0.1/0").find("only http has a folder"), std::string::npos);
    EXPECT_NE(refused("unix://").find("names no socket"), std::string::npos);
    EXPECT_NE(refused("[::1:80").find("bracket"), std::string::npos);
}

}  // namespace
}  // namespace tare::cli
