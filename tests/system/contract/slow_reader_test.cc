// SPDX-License-Identifier: Apache-2.0
// A client that asks for far more than sockets hold and does not read: the server waits with bounded memory, and then
// every byte comes in order.
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "harness/load/client_socket.h"
#include "probes/sleep_watch.h"
#include "tests/system/contract/peer.h"
#include "tests/system/contract/server_test.h"
#include "tests/system/contract/transcript.h"

namespace tare {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr std::size_t value_bytes = std::size_t{64} << 10;
// As many keys, so that a reply out of order is a wrong one.
constexpr std::size_t key_count = 7;

std::string value_of(std::size_t key) {
    std::string value(value_bytes, '\0');
    for (std::size_t index = 0; index < value_bytes; ++index) value[index] = static_cast<char>(index * (key + 1) / 251);
    return value;
}

std::string get_of(std::size_t key) { return "get key" + std::to_string(key) + "\r\n"; }

std::string reply_of(std::size_t key) {
    return "VALUE key" + std::to_string(key) + " 0 65536\r\n" + value_of(key) + "\r\nEND\r\n";
}

// A line of /proc/PID/status, in KiB.
std::uint64_t memory_kib(pid_t pid, const std::string& name) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1));
    }
    ADD_FAILURE() << "no " << name;
    return 0;
}

class SlowReader : public ServerTest {
protected:
    void SetUp() override {
        ServerTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        const ClientSocket client(port());
        for (std::size_t key = 0; key < key_count; ++key) {
            client.send_all(set_request("key" + std::to_string(key), value_of(key)));
            client.expect("STORED\r\n");
            replies_[key] = reply_of(key);
        }
    }

    std::array<std::string, key_count> replies_;
};

TEST_P(SlowReader, gets_every_byte_in_order_and_the_server_waits_in_bounded_memory) {
    constexpr std::size_t gets = 1000;
    const std::uint64_t before_kib = memory_kib(server_->pid(), "VmRSS");
    const ClientSocket client(port());
    std::string requests;
    for (std::size_t get = 0; get < gets; ++get) requests += get_of(get % key_count);
    client.send_all(requests);
    SleepWatch(server_->pid()).wait();
    for (std::size_t get = 0; get < gets; ++get) client.expect(replies_[get % key_count]);
    client.expect_nothing();
    // A sanitizer keeps what was freed for a while: its memory says nothing.
    if (sanitized) return;
    EXPECT_LT(memory_kib(server_->pid(), "VmHWM"), before_kib + 8192) << "the replies have 64 MiB";
}

TEST_P(SlowReader, gets_every_reply_after_a_half_close) {
    constexpr std::size_t gets = 200;
    std::string requests;
    std::string hoped;
    for (std::size_t get = 0; get < gets; ++get) {
        requests += get_of(get % key_count);
        hoped += replies_[get % key_count];
    }
    const std::string reply = reply_to(port(), requests, true);
    EXPECT_EQ(reply.size(), hoped.size());
    EXPECT_TRUE(reply == hoped);
}

TEST_P(SlowReader, does_not_hold_up_another_client) {
    const ClientSocket slow(port());
    std::string requests;
    for (std::size_t get = 0; get < 1000; ++get) requests += get_of(0);
    slow.send_all(requests);
    SleepWatch(server_->pid()).wait();
    const ClientSocket other(port());
    other.send_all(get_of(1));
    other.expect(replies_[1]);
}

INSTANTIATE_TEST_SUITE_P(every, SlowReader, testing::ValuesIn(every_server()), test_name);

}  // namespace
}  // namespace tare
