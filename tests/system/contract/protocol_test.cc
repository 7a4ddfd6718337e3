// SPDX-License-Identifier: Apache-2.0
// Every reference server against memcached: the same bytes in, the same bytes out, however the bytes are cut.
#include <gtest/gtest.h>

#include <memory>

#include "core/wire/reply.h"
#include "tests/system/contract/memcached.h"
#include "tests/system/contract/peer.h"
#include "tests/system/contract/server_test.h"
#include "tests/system/contract/transcript.h"

namespace tare {
namespace {

constexpr std::string_view quit = "quit\r\n";

// Five letters, different for each number below 100,000.
std::string prefix_of(std::size_t number) {
    const std::string digits = std::to_string(number);
    return std::string(5 - digits.size(), 'p') + digits;
}

class Protocol : public ServerTest {
protected:
    void SetUp() override {
        ServerTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        try {
            memcached_ = std::make_unique<Memcached>();
        } catch (const Error& error) {
            skip_or_fail(error.what());
        }
    }
    // What memcached answers to the transcript with this prefix.
    std::string expected(const std::string& prefix) {
        if (learnt_.empty()) learnt_ = memcached_->reply_to(transcript(prefix_of(0)) + std::string(quit));
        return replaced(learnt_, prefix_of(0), prefix);
    }

    std::unique_ptr<Memcached> memcached_;

private:
    std::string learnt_;
};

TEST_P(Protocol, many_requests_in_one_read) {
    const std::string reply = reply_to(port(), transcript(prefix_of(1)) + std::string(quit));
    EXPECT_EQ(reply, expected(prefix_of(1)));
    EXPECT_GT(reply.size(), 1000U) << "memcached answered less than the transcript asks for";
}

TEST_P(Protocol, every_reply_is_sent_after_a_half_close) {
    EXPECT_EQ(reply_to(port(), transcript(prefix_of(1)), true), expected(prefix_of(1)));
    EXPECT_EQ(reply_to(port(), "set unfinished 0 0 5\r\nab", true), memcached_->reply_to("set unfinished 0 0 5\r\nab", true));
    EXPECT_EQ(reply_to(port(), "", true), "");
}

TEST_P(Protocol, cut_in_two_at_every_byte) {
    const std::size_t size_bytes = transcript(prefix_of(0)).size() + quit.size();
    for (std::size_t cut = 1; cut < size_bytes; ++cut) {
        const std::string prefix = prefix_of(cut);
        const std::string request = transcript(prefix) + std::string(quit);
        const Peer peer(port());
        peer.send(std::string_view(request).substr(0, cut));
        ::sched_yield();
        peer.send(std::string_view(request).substr(cut));
        ASSERT_EQ(peer.read_to_end(), expected(prefix)) << "cut at " << cut << ", before " << request.substr(cut, 40);
    }
}

TEST_P(Protocol, one_byte_at_a_time) {
    const std::string request = transcript(prefix_of(1)) + std::string(quit);
    const Peer peer(port());
    for (const char& byte : request) {
        peer.send({&byte, 1});
        ::sched_yield();
    }
    EXPECT_EQ(peer.read_to_end(), expected(prefix_of(1)));
}

TEST_P(Protocol, a_value_over_the_limit_is_swallowed) {
    const std::string line = "set big 0 0 1048577\r\n";
    const std::string big = line + std::string(1048577, 'v') + "\r\n";
    const std::string quiet = "set big 0 0 1048577 noreply\r\n" + std::string(1048577, 'v') + "\r\n";
    const std::string old = set_request("big", "old value");
    const std::string request = old + big + "get big\r\n" + old + quiet + "get big\r\nversion\r\nquit\r\n";
    const std::string hoped = memcached_->reply_to(request);
    EXPECT_NE(hoped.find("SERVER_ERROR object too large for cache"), std::string::npos) << hoped;
    const std::size_t body = old.size() + line.size();
    for (const std::size_t cut : {body - 2, body - 1, body, body + 1, body + 65536, body + 1048576, body + 1048577,
                                  body + 1048578, body + 1048579, body + 1048580}) {
        const Peer peer(port());
        peer.send(std::string_view(request).substr(0, cut));
        ::sched_yield();
        peer.send(std::string_view(request).substr(cut));
        EXPECT_EQ(peer.read_to_end(), hoped) << "cut at " << cut;
    }
}

TEST_P(Protocol, a_connection_that_talks_something_else_is_closed_without_a_reply) {
    for (const std::string& request : {std::string("GET / HTTP/1.0\r\n\r\n"), std::string("POST /x HTTP/1.1\r\nHost: y\r\n\r\n"),
                                       std::string("HTTP/1.1\r\n"), std::string(2049, 'x')}) {
        EXPECT_EQ(memcached_->reply_to(request), "");
        EXPECT_EQ(reply_to(port(), request), "") << request.substr(0, 20);
    }
}

TEST_P(Protocol, a_line_may_be_long_when_it_ends_or_is_a_get) {
    std::string get = "get";
    for (int key = 0; key < 2000; ++key) get += " missing" + std::to_string(key);
    for (const std::string& request : {get + "\r\nquit\r\n", std::string(2040, 'x') + "\r\nquit\r\n"})
        EXPECT_EQ(reply_to(port(), request), memcached_->reply_to(request));
}

// memcached waits for the rest of a header of the binary protocol.
TEST_P(Protocol, the_binary_protocol_is_closed_at_its_first_byte) {
    EXPECT_EQ(reply_to(port(), "\x80"), "");
    EXPECT_EQ(reply_to(port(), "version\r\n\x80"), wire::version);
}

// docs/protocol.md, "Where tare differs on purpose".
struct Difference {
    std::string request;
    std::string reply;  // tare's
};

TEST_P(Protocol, differs_on_purpose) {
    const std::string bad = "CLIENT_ERROR bad command line format\r\n";
    const std::string largest(std::size_t{1} << 20, 'v');
    const std::vector<Difference> differences{
        {"add k 0 0 1\r\n", "ERROR\r\n"},
        {"incr k 1\r\n", "ERROR\r\n"},
        {"stats\r\n", "ERROR\r\n"},
        {"flush_all\r\n", "ERROR\r\n"},
        {"set k 4294967296 0 1\r\n", bad},
        {"set k 0 0 4294967297\r\n", bad},
        {"set k 0 99999999999 1\r\n", "CLIENT_ERROR bad command line format\r\n"},
        {"set k +5 0 1\r\n", bad},
        {"set k 0 0 +1\r\n", bad},
        {"set k\x01 0 0 1\r\n", bad},
        {"set k\x7f 0 0 1\r\n", bad},
        {set_request("k", largest) + "get k\r\n", "STORED\r\nVALUE k 0 1048576\r\n" + largest + "\r\nEND\r\n"},
        {"set k 0 0 1048577\r\n", "SERVER_ERROR object too large for cache\r\n"},
    };
    for (const auto& [request, reply] : differences) {
        EXPECT_EQ(reply_to(port(), request, true), reply) << request.substr(0, 40);
        EXPECT_NE(memcached_->reply_to(request, true), reply) << "no difference any more: " << request.substr(0, 40);
    }
}

INSTANTIATE_TEST_SUITE_P(every, Protocol, testing::ValuesIn(every_server()), test_name);

}  // namespace
}  // namespace tare
