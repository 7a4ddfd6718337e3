// SPDX-License-Identifier: Apache-2.0
// How much has arrived on a loopback connection that its owner has not read, from the kernel's sock_diag(7). The table in
// /proc/net/tcp says the same, but is walked from end to end for each question.
#pragma once

#include <cstdint>
#include <optional>

#include "core/owned_fd.h"

namespace tare {

class ReceiveQueue {
public:
    // The queue of the socket on `local_port` whose peer is on `remote_port`, both on 127.0.0.1. Throws cannot_measure when the
    // kernel offers no sock_diag.
    ReceiveQueue(std::uint16_t local_port, std::uint16_t remote_port);

    // Bytes. Throws run_failed when the connection is gone, cannot_measure when the kernel cannot tell.
    std::uint64_t unread_bytes() const;

private:
    // Nothing when the kernel knows of no such socket.
    std::optional<std::uint64_t> unread_bytes_of(std::uint16_t local_port, std::uint16_t remote_port) const;

    OwnedFd netlink_;
    std::uint16_t local_port_;
    std::uint16_t remote_port_;
};

}  // namespace tare
