// SPDX-License-Identifier: Apache-2.0
// Sends on all ready connections and waits for what comes in one io_uring_enter: a send entry each, which leaves a completion
// only where the socket did not take all, and one receive entry a connection that stays armed and fills buffers of a ring. The
// clock is read once for all that one wait brought.
#pragma once

#include <liburing.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/load/connection_io.h"

namespace tare {

class UringIo : public ConnectionIo {
public:
    // Completion queues have room for all that this many can leave at once.
    static constexpr std::uint64_t connections_max = 16'384;

    // Why this kernel makes no such ring; empty when it does.
    static std::string refusal();

    UringIo(const LoadPlan& plan, std::span<LoadConnection> connections);
    ~UringIo() override { close(); }

    // Throws cannot_measure when the kernel refuses the ring.
    void open() override;
    void close() override;
    void send(std::uint32_t connection) override;
    void wait(std::uint64_t timeout_ns, Receiver& receiver) override;

private:
    // What the kernel holds of one connection.
    struct Held {
        std::string rest = {};      // what a send without waiting did not take; sent by one that waits
        std::size_t rest_sent = 0;  // bytes of it
        bool to_send = false;       // stands in to_send_
        bool is_cut = false;        // its last send did not take all
        std::size_t taken = 0;      // bytes, by that send
    };

    io_uring_sqe* entry();
    void push_receive(std::uint32_t connection);
    void push_send(std::uint32_t connection);
    void push_rest(std::uint32_t connection);
    void push_all();
    void enter(std::uint64_t timeout_ns);
    void settle_sends(Receiver& receiver);
    void on_sent(std::uint32_t connection, int result, Receiver& receiver);
    void on_received(std::uint32_t connection, const io_uring_cqe& completion, std::uint64_t now_ns, Receiver& receiver);
    void lend(std::uint16_t buffer, int place);
    char* buffer_at(std::uint16_t buffer) { return memory_ + std::size_t{buffer} * buffer_bytes_; }

    std::span<LoadConnection> connections_;
    std::vector<Held> held_;
    std::vector<std::uint32_t> to_send_;
    std::vector<std::uint32_t> sending_;     // without waiting; settled when the enter that submits them returns
    std::vector<std::uint32_t> to_resume_;   // whose rest is to be sent
    std::vector<std::uint32_t> to_receive_;  // whose receive entry is to be armed
    std::size_t buffer_bytes_;
    unsigned buffer_count_;
    io_uring ring_{};
    bool is_open_ = false;
    io_uring_buf_ring* buffer_ring_ = nullptr;
    char* memory_ = nullptr;  // of the buffers
    int given_back_ = 0;      // buffers, not yet shown to the kernel
};

}  // namespace tare
