// SPDX-License-Identifier: Apache-2.0
// What one window of load did.
#pragma once

#include <cstdint>
#include <vector>

#include "core/histogram.h"
#include "harness/load/client_io.h"

namespace tare {

// The sums are over all threads.
struct LoadResult {
    ChosenClientIo client_io;
    std::uint64_t requests_sent = 0;
    std::uint64_t replies_received = 0;  // verified; a request that gets no reply (noreply) has none
    // Gets that were sent besides, because their replies show that the requests without one before them were carried out; the
    // server counts requests_sent and these.
    std::uint64_t confirming_gets = 0;
    std::uint64_t sent_bytes = 0;      // with those of confirming gets
    std::uint64_t received_bytes = 0;  // likewise
    // First send to last reply; of an open loop from the window's begin to its end, or to the last reply if that came later.
    std::uint64_t elapsed_ns = 0;
    std::vector<std::uint64_t> client_cpu_ns;  // of each thread
    Histogram latency_ns;                      // from the intended send time
    Histogram late_ns;                         // open loop: from the intended to the actual send; empty for a closed loop
    std::uint64_t overdue_requests = 0;  // open loop: due within the window, yet never sent before its end; 0 when it kept up
};

}  // namespace tare
