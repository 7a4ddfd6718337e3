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
#include "tests/system/load/each_client_io.h"

namespace tare {
namespace {

// Serves one connection: each line of it is answered by what `reply` makes of its number, in pieces of `piece_bytes`, with a
// short pause after each; an empty text closes.
class TinyServer {
public:
    explicit TinyServer(std::function<std::string(int)> reply, std::size_t piece_bytes = std::string::npos)
        : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), piece_bytes_(piece_bytes) {
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
            if (!send_in_pieces(client, text)) return;
        }
    }
    bool send_in_pieces(const OwnedFd& client, std::string_view text) const {
        while (!text.empty()) {
            const std::string_view piece = text.substr(0, piece_bytes_);
            if (::send(client.get(), piece.data(), piece.size(), MSG_NOSIGNAL) < 0) return false;
            text.remove_prefix(piece.size());
            if (!text.empty()) std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
        return true;
    }

    OwnedFd listener_;
    std::size_t piece_bytes_;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

class Faults : public EachClientIo {
protected:
    static std::string complaint_about(std::function<std::string(int)> reply, Operation operation) {
        const TinyServer server(std::move(reply));
        LoadPlan plan;
        plan.server = server.port();
        plan.mix = {{operation, 1}};
        plan.client_io = GetParam();
        LoadClient client(plan);
        LoadWindow window;
        window.requests = 1000;
        return refusal(ExitCode::run_failed, [&] { client.run(window); });
    }
};

// The draws of the client, so that the server knows what to say without a parser.
class RightReplies {
public:
    std::string next() {
        protocol_->describe_reply(source_.draw(), reply_);
        return reply_.text();
    }

private:
    LoadPlan plan_;
    ValuePool pool_{plan_.value_bytes, plan_.seed};
    std::unique_ptr<Protocol> protocol_ = make_protocol(plan_, pool_);
    KeyPopularity popularity_{{}, plan_.key_count};
    RequestSource source_{plan_, popularity_, plan_.seed << 16};
    ExpectedReply reply_;
};

TEST_P(Faults, one_wrong_byte_is_found) {
    const std::string told = complaint_about([](int line) { return line == 500 ? "ENd\r\n" : "END\r\n"; }, Operation::get_miss);
    EXPECT_NE(told.find("get_miss"), std::string::npos) << told;
    EXPECT_NE(told.find("byte 2 of 5 is 0x64"), std::string::npos) << told;
}

TEST_P(Faults, one_wrong_byte_of_a_value_is_found) {
    RightReplies replies;
    const auto lie = [&](int line) {
        std::string text = replies.next();
        if (line == 700) text[60] = static_cast<char>(text[60] ^ 1);
        return text;
    };
    const std::string told = complaint_about(lie, Operation::get_hit);
    EXPECT_NE(told.find("byte 60 of 100"), std::string::npos) << told;
}

TEST_P(Faults, replies_that_come_in_pieces_are_right_and_a_wrong_byte_in_a_later_piece_is_found) {
    RightReplies replies;
    const TinyServer server(
        [&](int line) {
            std::string text = replies.next();
            if (line == 205) text[95] = '!';
            return text;
        },
        31);
    LoadPlan plan;
    plan.server = server.port();
    plan.client_io = GetParam();
    LoadClient client(plan);
    LoadWindow window;
    window.requests = 200;
    const LoadResult right = client.run(window);
    EXPECT_EQ(right.replies_received, 200U);
    EXPECT_EQ(right.received_bytes, 200U * 100);
    EXPECT_EQ(right.latency_ns.count(), 200U);
    const std::string told = refusal(ExitCode::run_failed, [&] { client.run(window); });
    EXPECT_NE(told.find("byte 95 of 100"), std::string::npos) << told;
}

TEST_P(Faults, a_byte_too_many_is_found) {
    const std::string told = complaint_about([](int line) { return line == 500 ? "END\r\nE" : "END\r\n"; }, Operation::get_miss);
    EXPECT_TRUE(told.find("nobody asked") != std::string::npos || told.find("wrong reply") != std::string::npos) << told;
}

TEST_P(Faults, a_closed_connection_is_found) {
    const std::string told = complaint_about([](int line) { return line == 500 ? "" : "END\r\n"; }, Operation::get_miss);
    EXPECT_TRUE(told.find("closed") != std::string::npos || told.find("reset") != std::string::npos) << told;
}

TEST_P(Faults, nobody_listens) {
    LoadPlan plan;
    plan.server = 1;
    plan.client_io = GetParam();
    EXPECT_NE(refusal(ExitCode::run_failed, [&] { LoadClient{plan}; }).find("connect 127.0.0.1:1"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(by, Faults, both_client_ios(), name_of_client_io);

}  // namespace
}  // namespace tare
