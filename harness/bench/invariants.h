// SPDX-License-Identifier: Apache-2.0
// What must balance in every window, whatever the server does: requests, bytes on the socket, queue operations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/trace/instruments.h"

namespace tare {

// Whose sockets the server's bytes may be: a reference server has the client's alone, an external one may have others, to its
// own workers for instance, so its bytes are at least the client's.
enum class Sockets : std::uint8_t { of_client, of_others_too };

inline Sockets sockets_of(const Cell& cell) { return cell.external() ? Sockets::of_others_too : Sockets::of_client; }

// The first invariant that does not hold, in words; nothing when all hold. A side that is absent proves nothing.
std::optional<std::string> violation(const Sources& window, std::uint64_t requests, std::uint64_t replies,
                                     Sockets sockets = Sockets::of_client);

// What a window saw that no healthy one has, each in words: completions that found their queue full, requests that the
// kernel handed to a worker thread, connections that the server gave up. The counts stand as they are.
std::vector<std::string> anomalies(const Sources& window);

// What does not balance, as the reason why such a window's counts are absent.
std::optional<std::string> imbalance(const Sources& window, std::uint64_t requests, std::uint64_t replies, Sockets sockets);

// Adds both to `warnings`, each with `where` in front. A window that does not balance becomes absent.
void check_window(Sources& window, std::uint64_t requests, std::uint64_t replies, Sockets sockets, const std::string& where,
                  std::vector<std::string>& warnings);

}  // namespace tare
