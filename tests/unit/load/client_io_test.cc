// SPDX-License-Identifier: Apache-2.0
// Which interface a client uses, and why.
#include "harness/load/client_io.h"

#include <gtest/gtest.h>

#include "harness/load/uring_io.h"
#include "tests/refusal.h"

namespace tare {
namespace {

Endpoint udp_server() {
    Endpoint endpoint{1};
    endpoint.transport = Transport::udp;
    return endpoint;
}

TEST(client_io, each_has_a_name_and_no_other_is_known) {
    for (const ClientIo io : {ClientIo::automatic, ClientIo::io_uring, ClientIo::epoll})
        EXPECT_EQ(client_io_named(name_of(io)), io);
    EXPECT_EQ(client_io_named("automatic"), std::nullopt);
    EXPECT_EQ(client_io_named(""), std::nullopt);
}

TEST(client_io, epoll_that_was_asked_for_needs_no_reason) {
    const ChosenClientIo chosen = choose_client_io(ClientIo::epoll, Endpoint{1}, 64);
    EXPECT_EQ(chosen.used, ClientIo::epoll);
    EXPECT_EQ(chosen.reason, "");
}

TEST(client_io, auto_is_io_uring_or_says_why_not) {
    const ChosenClientIo chosen = choose_client_io(ClientIo::automatic, Endpoint{1}, 64);
    EXPECT_EQ(chosen.reason, io_uring_refusal());
    EXPECT_EQ(chosen.used, io_uring_refusal().empty() ? ClientIo::io_uring : ClientIo::epoll);
}

TEST(client_io, datagrams_and_very_many_connections_stay_on_epoll) {
    const ChosenClientIo datagrams = choose_client_io(ClientIo::automatic, udp_server(), 1);
    EXPECT_EQ(datagrams.used, ClientIo::epoll);
    EXPECT_EQ(datagrams.reason, "transport udp stays on epoll");
    EXPECT_NE(refusal(ExitCode::usage, [] { choose_client_io(ClientIo::io_uring, udp_server(), 1); }).find("udp"),
              std::string::npos);
    const ChosenClientIo many = choose_client_io(ClientIo::automatic, Endpoint{1}, UringIo::connections_max + 1);
    EXPECT_EQ(many.used, ClientIo::epoll);
    EXPECT_NE(many.reason.find("16385 connections"), std::string::npos) << many.reason;
}

TEST(client_io, io_uring_by_name_is_had_or_refused) {
    if (io_uring_refusal().empty()) {
        EXPECT_EQ(choose_client_io(ClientIo::io_uring, Endpoint{1}, 64).used, ClientIo::io_uring);
        return;
    }
    EXPECT_NE(
        refusal(ExitCode::cannot_measure, [] { choose_client_io(ClientIo::io_uring, Endpoint{1}, 64); }).find(io_uring_refusal()),
        std::string::npos);
}

}  // namespace
}  // namespace tare
