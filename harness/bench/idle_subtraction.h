// SPDX-License-Identifier: Apache-2.0
// Tells what a server does for each request from what it does by itself. An idle window says how often each thing happens
// when nothing is asked; what a window of requests holds is then whole costs of its requests and a remainder that this rate must
// explain. What cannot be told apart is absent.
#pragma once

#include <array>
#include <cstdint>

#include "core/snapshot.h"

namespace tare {

// What one source saw while nothing was asked.
struct IdleWindow {
    Snapshot seen;
    double duration_ms = 0;
};

// What it saw in a window of requests.
struct RequestWindow {
    Snapshot seen;
    std::uint64_t requests = 0;
    std::uint64_t exchanges = 0;  // how often something was sent: of a pipeline its requests together, once
    double duration_ms = 0;
};

// Takes the background out of both windows, of N and 2N requests, and returns it for each of them.
// A quantity that the idle window shows at rate r is N k afterwards: k is the whole number nearest to (v - r d) / N, the same in
// both windows, and the rest, v - N k, is not negative and within 1 + 3 sqrt(r d) of r d (three deviations of a Poisson count).
// That tolerance must be below a tenth of N: costs in fractions of a request are seen down to a tenth, and then absent, not
// rounded away. A thread that was active when idle and makes fewer calls than there were exchanges does not serve each of them:
// it is background as a whole, whatever its rate, and so are the system calls that could not be told apart when they are as many
// as such threads made: exactly when idle, within a hundredth of the requests in their windows. A quantity that the idle window
// does not show stays as it was counted; what is absent in one of the three windows is absent in both. A total is absent with any
// of its parts, and their sum when it was before. What cannot be told apart is absent with the bounds of what a request costs:
// (v - r d +- the tolerance) / N, as far as both windows allow.
std::array<Snapshot, 2> subtract_idle_activity(std::array<RequestWindow, 2>& windows, const IdleWindow& idle);

}  // namespace tare
