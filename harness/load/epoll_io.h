// SPDX-License-Identifier: Apache-2.0
// Sends and receives connection by connection, each with a system call, as epoll says that they are ready. Readiness is
// edge-triggered, so that no request costs an epoll_ctl and no read ends in EAGAIN.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/owned_fd.h"
#include "harness/load/connection_io.h"

namespace tare {

class EpollIo : public ConnectionIo {
public:
    // Throws run_failed.
    explicit EpollIo(std::span<LoadConnection> connections);

    void send(std::uint32_t connection) override { sent_bytes_ += connections_[connection].send(); }
    void wait(std::uint64_t timeout_ns, Receiver& receiver) override;

private:
    void receive(std::uint32_t connection, Receiver& receiver);

    std::span<LoadConnection> connections_;
    OwnedFd epoll_;
    std::vector<char> input_;
};

}  // namespace tare
