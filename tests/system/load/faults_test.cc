// SPDX-License-Identifier: Apache-2.0
// Servers that lie, close, or say too much are found out.
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "core/owned_fd.h"
#include "harness/load/load_client.h"
#include "harness/load/request_source.h"
#include "tests/refusal.h"

namespace tare {
namespace {

// Serves one connection: each line of it is answered by what `reply` makes of its number; an empty text closes.
class TinyServer {
public:
    explicit TinyServer(std::function<std::string(int)> reply) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size_bytes = sizeof(address);
        EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size_bytes), 0);
        EXPECT_EQ(::listen(listener_.get(), 1), 0);
        EXPECT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size_bytes), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this, reply = std::move(reply)] { serve(reply); });
    }
    std::uint16_t port() const { return port_; }

private:
    void serve(const std::function<std::string(int)>& reply) const {
        const OwnedFd client(::accept(listener_.get(), nullptr, nullptr));
        char byte = 0;
        for (int line = 0; ::recv(client.get(), &byte, 1, 0) == 1;) {
            if (byte != '\n') continue;
            const std::string text = reply(line++);
            if (text.empty()) return;
            if (::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
        }
    }

    OwnedFd listener_;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

std::string complaint_about(std::function<std::string(int)> reply, Operation operation) {
    const TinyServer server(std::move(reply));
    LoadPlan plan;
    plan.port = server.port();
    plan.mix = {{operation, 1}};
    LoadClient client(plan);
    LoadWindow window;
    window.requests = 1000;
    return refusal(ExitCode::run_failed, [&] { client.run(window); });
}

TEST(faults, one_wrong_byte_is_found) {
    const std::string told = complaint_about([](int line) { return line == 500 ? "ENd\r\n" : "END\r\n"; }, Operation::get_miss);
    EXPECT_NE(told.find("get_miss"), std::string::npos) << told;
    EXPECT_NE(told.find("byte 2 of 5 is 0x64"), std::string::npos) << told;
}

TEST(faults, one_wrong_byte_of_a_value_is_found) {
    LoadPlan plan;
    const ValuePool pool(plan.value_bytes, plan.seed);
    const auto protocol = make_protocol(plan, pool);
    KeyPopularity popularity({}, plan.key_count);
    ExpectedReply reply;
    // The same draws as the client's, so the server knows what to say without a parser.
    RequestSource source(plan, popularity, plan.seed << 16);
    const auto lie = [&](int line) {
        protocol->describe_reply(source.draw(), reply);
        std::string text = reply.text();
        if (line == 700) text[60] = static_cast<char>(text[60] ^ 1);
        return text;
    };
    const std::string told = complaint_about(lie, Operation::get_hit);
    EXPECT_NE(told.find("byte 60 of 100"), std::string::npos) << told;
}

TEST(faults, a_byte_too_many_is_found) {
    const std::string told = complaint_about([](int line) { return line == 500 ? "END\r\nE" : "END\r\n"; }, Operation::get_miss);
    EXPECT_TRUE(told.find("nobody asked") != std::string::npos || told.find("wrong reply") != std::string::npos) << told;
}

TEST(faults, a_closed_connection_is_found) {
    const std::string told = complaint_about([](int line) { return line == 500 ? "" : "END\r\n"; }, Operation::get_miss);
    EXPECT_TRUE(told.find("closed") != std::string::npos || told.find("reset") != std::string::npos) << told;
}

TEST(faults, nobody_listens) {
    LoadPlan plan;
    plan.port = 1;
    EXPECT_NE(refusal(ExitCode::run_failed, [&] { LoadClient{plan}; }).find("connect 127.0.0.1:1"), std::string::npos);
}

}  // namespace
}  // namespace tare
