// SPDX-License-Identifier: Apache-2.0
// What a probe adds to the event that it counts: timed in a window of its own, in this process, never in a window
// that counts a server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/counters/probe.h"

namespace tare {

// Nanoseconds for one event, by repetition; with and without alternate, so that a drift of the machine meets both.
struct ProbeCost {
    std::vector<double> without_ns;
    std::vector<double> with_ns;
};

// Only of a row with an event. Throws cannot_measure when the probe cannot be attached.
ProbeCost measure_cost(const ProbeInfo& info, unsigned repetitions = 4, std::uint64_t events = 20000);

}  // namespace tare
