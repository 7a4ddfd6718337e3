// SPDX-License-Identifier: Apache-2.0
// What must balance in every window, whatever the server does: requests, bytes on the socket, queue operations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/instruments.h"

namespace tare {

// The first invariant that does not hold, in words; nothing when all hold. A side that is absent proves nothing.
std::optional<std::string> violation(const Sources& window, std::uint64_t requests, std::uint64_t replies);

// What a window saw that no healthy one has, each in words: completions that found their queue full, requests that the
// kernel handed to a worker thread, connections that the server gave up. The counts stand as they are.
std::vector<std::string> anomalies(const Sources& window);

// What does not balance, as the reason why such a window's counts are absent.
std::optional<std::string> imbalance(const Sources& window, std::uint64_t requests, std::uint64_t replies);

// Adds both to `warnings`, each with `where` in front. A window that does not balance becomes absent.
void check_window(Sources& window, std::uint64_t requests, std::uint64_t replies, const std::string& where,
                  std::vector<std::string>& warnings);

}  // namespace tare
