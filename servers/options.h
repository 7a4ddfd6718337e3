// SPDX-License-Identifier: Apache-2.0
// What a reference server is told when it starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tare {

struct ServerOptions {
    std::uint16_t port = 0;  // on 127.0.0.1; 0 takes any free one
    std::size_t memory_bytes = std::size_t{256} << 20;
    std::string ledger_path;  // counted build: the shared page; empty for a page of its own

    // io_uring only.
    unsigned ring_entries = 1024;
    unsigned completion_entries = 4096;
    unsigned provided_buffers = 256;  // of 64 KiB each; a power of two
    int poll_cpu = -1;                // core of the submission thread; -1 leaves it to the kernel
    unsigned poll_idle_ms = 2000;     // how long a server that spins does so without work

    // null only: every so many bytes are a request (0: every line is one), answered by this text.
    std::size_t fixed_request_bytes = 0;
    std::string fixed_reply = "END\r\n";
};

}  // namespace tare
