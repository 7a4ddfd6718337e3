// SPDX-License-Identifier: Apache-2.0
// The socket calls of the epoll servers: in a round the near side receives on each of 32 connections and then answers on each.
// The far side works on the client's core, so that what moves between cores moves here too.
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <vector>

#include "harness/calibrate/rounds.h"

namespace tare::calibration {
namespace {

constexpr std::size_t buffer_bytes = 65536;  // what the servers receive into

class CallSide {
public:
    CallSide(const FarSide& far, std::span<const OwnedFd> ends) : far_(far), ends_(ends), received_(buffer_bytes) {}

    bool receive_each() {
        bool whole = true;
        for (const OwnedFd& near : ends_) {
            const ssize_t received = ::recv(near.get(), received_.data(), received_.size(), 0);
            if (received < 0) throw system_failed("recv");
            const std::size_t left_bytes = far_.request_bytes() - static_cast<std::size_t>(received);
            receive_all(near.get(), received_, left_bytes);
            whole = whole && left_bytes == 0;
        }
        return whole;
    }

    void send_each() {
        const std::span<const char> reply = far_.reply();
        for (const OwnedFd& near : ends_) check_whole(::send(near.get(), reply.data(), reply.size(), MSG_NOSIGNAL));
    }

protected:
    std::span<const OwnedFd> ends() const { return ends_; }
    void check_whole(ssize_t sent) const {
        if (sent < 0) throw system_failed("send");
        if (static_cast<std::size_t>(sent) != far_.reply().size()) throw cannot_measure("a reply was not taken whole");
    }

private:
    const FarSide& far_;
    std::span<const OwnedFd> ends_;
    std::vector<char> received_;
};

// Sends as the rung `gathered_reply` does: head, value and end from three places.
class MessageSide : public CallSide {
public:
    MessageSide(const FarSide& far, std::span<const OwnedFd> ends)
        : CallSide(far, ends), reply_(far.reply().begin(), far.reply().end()) {}

    void send_each() {
        const std::size_t third = reply_.size() / 3;
        char* const reply = reply_.data();
        std::array<iovec, 3> pieces{{{reply, third}, {reply + third, third}, {reply + 2 * third, reply_.size() - 2 * third}}};
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        for (const OwnedFd& near : ends()) check_whole(::sendmsg(near.get(), &message, MSG_NOSIGNAL));
    }

private:
    std::vector<char> reply_;
};

void receive_empty(benchmark::State& state) {
    const LoopbackPairs pairs;
    std::vector<char> buffer(buffer_bytes);
    std::size_t index = 0;
    for (auto _ : state) {
        const OwnedFd& near = pairs.near_ends()[index++ % LoopbackPairs::count];
        if (::recv(near.get(), buffer.data(), buffer.size(), 0) >= 0 || errno != EAGAIN)
            throw run_failed("recv on an empty connection did not answer EAGAIN");
    }
}

}  // namespace

void add_loopback(Subjects& subjects, int peer_cpu) {
    add_for_each_size(subjects, "loopback_receive", peer_cpu, time_receive<CallSide>);
    add_for_each_size(subjects, "loopback_send", peer_cpu, time_send<CallSide>);
    add_for_each_size(subjects, "loopback_sendmsg", peer_cpu, time_send<MessageSide>);
    subjects.push_back({.name = "loopback_receive_empty", .argument_unit = "calls", .body = receive_empty});
}

}  // namespace tare::calibration
