// SPDX-License-Identifier: Apache-2.0
// What must balance in every window, whatever the server does: requests, bytes on the socket, queue operations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/instruments.h"

namespace tare {

// The first identity that does not hold, in words; nothing when all hold. A side that is absent proves nothing.
std::optional<std::string> violation(const Sources& window, std::uint64_t requests, std::uint64_t replies);

// What a window saw that no healthy one has, each in words: completions that found their queue full, requests that the
// kernel handed to a worker thread, connections that the server gave up. The counts stand as they are.
std::vector<std::string> anomalies(const Sources& window);

}  // namespace tare
