// SPDX-License-Identifier: Apache-2.0
// A client's blocking connection to a server on this machine, with a limit on every wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/owned_fd.h"
#include "harness/load/endpoint.h"
#include "harness/load/receive_queue.h"

namespace tare {

class ClientSocket {
public:
    // Throws run_failed when nothing listens there.
    explicit ClientSocket(const Endpoint& server);

    // As one datagram where there are such. Throws run_failed when the server closed, or does not take it within the endpoint's
    // longest wait.
    void send_all(std::string_view bytes) const;
    // What has come, one byte at least, where it lies in `buffer`. Throws run_failed when the server closed, or when nothing
    // came within that time.
    std::string_view receive(std::span<char> buffer) const;
    // Reads as many bytes as `expected` has and compares. Throws run_failed saying where they differ, and as receive() does.
    void expect(std::string_view expected) const;
    // Throws run_failed when a byte is there that nobody asked for.
    void expect_nothing() const;
    // Waits until the server has read all that was sent. Throws run_failed after that time or when the server closed,
    // cannot_measure where the kernel does not say.
    void await_taken();
    bool has_datagrams() const { return server_.has_datagrams(); }

private:
    [[noreturn]] void refuse_closed(const char* how) const;
    bool taken();

    Endpoint server_;
    OwnedFd fd_;
    std::uint16_t own_port_ = 0;
    std::optional<ReceiveQueue> server_queue_;
};

}  // namespace tare
