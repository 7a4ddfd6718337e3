// SPDX-License-Identifier: Apache-2.0
// What N requests of a client cost that is a program of its own: the difference of a run with N more requests, in which what it
// does once, its start and its connections, is cancelled.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/row_terms.h"
#include "harness/bench/idle_subtraction.h"
#include "harness/trace/instruments.h"

namespace tare {

// What the sources saw in one run of the client.
struct ClientWindow {
    Sources seen;
    std::uint64_t requests = 0;
    double duration_ms = 0;
};

// Runs of N, 2N and 4N requests.
using ClientWindows = std::array<ClientWindow, 3>;

// Why these are no runs of so many requests each, in words: the bytes that the server received do not grow with the requests that
// the client was told to make, or it opened more connections for more of them. Nothing when they may be.
std::optional<std::string> miscount(const ClientWindows& windows);

// Of one source: what N and what 2N requests cost, as 2N less N and 4N less 2N. What the server does by itself is expected, by
// its rate when idle, in the longer run only, and is still in the windows.
std::array<RequestWindow, 2> differences(const ClientWindows& windows, Source source, const IdleWindow& idle);

}  // namespace tare
