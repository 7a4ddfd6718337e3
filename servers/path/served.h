// SPDX-License-Identifier: Apache-2.0
// What a request path and a server loop tell each other; the same for every path, so that a loop knows only this.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tare {

// What a path remembers of a connection between two calls.
struct Session {
    std::size_t swallow_bytes = 0;  // still to be dropped: the body of a value that was refused for its size
    std::size_t needed_bytes = 1;   // serving again with fewer bytes than this would find no whole request
};

enum class Next : std::uint8_t {
    read,   // every whole request was served
    drain,  // enough replies wait to be sent: call again when they are gone, before reading more
    close,  // send what waits, then close
};

struct Served {
    std::size_t consumed_bytes = 0;
    Next next = Next::read;
};

// So much output may wait before a path stops serving a connection that does not read.
inline constexpr std::size_t output_bytes_max = std::size_t{256} << 10;

}  // namespace tare
