// SPDX-License-Identifier: Apache-2.0
// Queues of a few entries, hardly any provided buffers, 64 clients with 1000 pipelined requests each, some of which reset their
// connection: every reply is right and in order, and nothing is left open.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <memory>
#include <vector>

#include "harness/process/descriptor_limit.h"
#include "tests/system/contract/peer.h"
#include "tests/system/contract/server_test.h"
#include "tests/system/contract/transcript.h"

namespace tare {
namespace {

constexpr std::size_t client_count = 64;
constexpr std::size_t request_count = 1000;

// A connection that sends and reads as fast as the socket allows, and knows what must come.
class Client {
public:
    Client(std::uint16_t port, std::size_t number) : peer_(port) {
        const std::string key = "client" + std::to_string(number);
        std::string value;
        for (std::size_t index = 0; index < request_count; ++index) {
            if (index % 3 == 0) {
                value = std::string(index * 7 % 900, static_cast<char>('a' + index % 26));
                requests_ += set_request(key, value);
                replies_ += "STORED\r\n";
            } else {
                requests_ += "get " + key + "\r\n";
                replies_ += fmt::format("VALUE {} 0 {}\r\n{}\r\nEND\r\n", key, value.size(), value);
            }
        }
    }

    bool finished() const { return received_ == replies_.size(); }
    pollfd wanted() const { return {peer_.fd(), static_cast<short>(sent_ < requests_.size() ? POLLIN | POLLOUT : POLLIN), 0}; }
    void advance() {
        const ssize_t sent = ::send(peer_.fd(), requests_.data() + sent_, requests_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) sent_ += static_cast<std::size_t>(sent);
        std::array<char, 16384> piece;
        const ssize_t got = ::recv(peer_.fd(), piece.data(), piece.size(), MSG_DONTWAIT);
        ASSERT_NE(got, 0) << "closed after " << received_ << " of " << replies_.size() << " bytes";
        if (got < 0) {
            ASSERT_EQ(errno, EAGAIN);
            return;
        }
        const auto size_bytes = static_cast<std::size_t>(got);
        ASSERT_EQ(replies_.compare(received_, size_bytes, piece.data(), size_bytes), 0) << "at byte " << received_;
        received_ += size_bytes;
    }
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(peer_.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    }

private:
    Peer peer_;
    std::string requests_;
    std::string replies_;
    std::size_t sent_ = 0;
    std::size_t received_ = 0;
};

class Overload : public ServerTest {
protected:
    std::vector<std::string> options() const override {
        return {"--ring-entries", "4", "--completion-entries", "8", "--provided-buffers", "2"};
    }
    std::size_t open_descriptors() const {
        const auto folder = std::filesystem::directory_iterator("/proc/" + std::to_string(server_->pid()) + "/fd");
        return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
    }
};

TEST_P(Overload, every_reply_comes_in_order_and_nothing_stays_open) {
    reply_to(port(), "version\r\nquit\r\n");
    const std::size_t before = open_descriptors();
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t number = 0; number < client_count; ++number) clients.push_back(std::make_unique<Client>(port(), number));
    for (std::size_t number = 0; number < 8; ++number) {
        clients[number]->advance();
        clients[number]->reset();
    }
    clients.erase(clients.begin(), clients.begin() + 8);
    for (bool busy = true; busy && !HasFatalFailure();) {
        std::vector<pollfd> wanted;
        wanted.reserve(clients.size());
        for (const auto& client : clients) wanted.push_back(client->wanted());
        ASSERT_GT(::poll(wanted.data(), wanted.size(), 5000), 0) << "no client can go on";
        busy = false;
        for (const auto& client : clients) {
            if (!client->finished()) client->advance();
            busy = busy || !client->finished();
        }
    }
    clients.clear();
    // A connection's end reaches the server a moment after the client's.
    for (int tries = 0; tries < 100 && open_descriptors() > before; ++tries) {
        reply_to(port(), "version\r\nquit\r\n");
        ::poll(nullptr, 0, 10);
    }
    EXPECT_EQ(open_descriptors(), before);
}

// A server without a free descriptor refuses the client that is one too many, goes on with the others, and rests between them.
class Descriptors : public ServerTest {
protected:
    static constexpr rlim_t limit = 32;  // of the server: an accept that waits keeps the limit that it was begun with

    void SetUp() override {
        const SoftDescriptorLimit few(limit);
        ServerTest::SetUp();
    }
    // How many numbers below the limit are free: some that the server inherited may stand above it.
    std::size_t room() const {
        std::size_t taken = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(server_->pid()) + "/fd"))
            taken += std::stoul(entry.path().filename()) < limit ? 1 : 0;
        return limit - taken;
    }
    std::uint64_t cpu_ns() const {
        clockid_t clock{};
        timespec used{};
        EXPECT_EQ(::clock_getcpuclockid(server_->pid(), &clock), 0);
        EXPECT_EQ(::clock_gettime(clock, &used), 0);
        return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
    }
    static bool is_served(const Peer& peer) {
        const std::string_view request = "version\r\n";
        ::send(peer.fd(), request.data(), request.size(), MSG_NOSIGNAL);
        pollfd reply{peer.fd(), POLLIN, 0};
        EXPECT_EQ(::poll(&reply, 1, 5000), 1) << "neither served nor refused";
        std::array<char, 100> piece;
        return ::recv(peer.fd(), piece.data(), piece.size(), MSG_DONTWAIT) > 0;
    }
};

TEST_P(Descriptors, without_a_free_one_the_others_are_served) {
    reply_to(port(), "version\r\nquit\r\n");
    const std::size_t comers = limit + 20;
    // A direct descriptor is none of the process's own.
    const std::size_t places = GetParam().variant.find("direct_descriptors") != std::string::npos ? comers : room();
    std::vector<std::unique_ptr<Peer>> peers;
    std::vector<std::unique_ptr<Peer>> served;
    for (std::size_t number = 0; number < comers; ++number) peers.push_back(std::make_unique<Peer>(port()));
    for (auto& peer : peers) {
        if (is_served(*peer)) served.push_back(std::move(peer));
    }
    EXPECT_EQ(served.size(), places);
    for (const auto& peer : served) EXPECT_TRUE(is_served(*peer));
    const std::uint64_t before_ns = cpu_ns();
    ::poll(nullptr, 0, 200);
    EXPECT_LT(cpu_ns() - before_ns, 20'000'000U) << "it does not rest";
    served.clear();
    // A connection's end reaches the server a moment after the client's.
    bool again = false;
    for (int tries = 0; tries < 100 && !again; ++tries) {
        again = is_served(Peer(port()));
        if (!again) ::poll(nullptr, 0, 10);
    }
    EXPECT_TRUE(again);
}

// Queues and buffers are the wirings' business; of the rungs these two differ in what a reply is made of.
std::vector<ServedVariant> every_wiring() {
    std::vector<ServedVariant> all = every_server();
    std::erase_if(all, [](const ServedVariant& each) {
        const bool either = each.variant.ends_with("/as_described") || each.variant.ends_with("/gathered_reply");
        return !either || each.build != Build::timed;
    });
    return all;
}

INSTANTIATE_TEST_SUITE_P(every, Overload, testing::ValuesIn(every_wiring()), test_name);
INSTANTIATE_TEST_SUITE_P(every, Descriptors, testing::ValuesIn(every_wiring()), test_name);

}  // namespace
}  // namespace tare
