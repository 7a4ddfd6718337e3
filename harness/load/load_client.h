// SPDX-License-Identifier: Apache-2.0
// The load generator: connections that are kept open, and windows of load on them. Between two windows nothing is in
// flight, so counters can be read there. Every reply is verified byte for byte.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/load/histogram.h"
#include "harness/load/load_plan.h"

namespace tare {

// What one window did. The sums are over all threads.
struct LoadResult {
    std::uint64_t requests_sent = 0;
    std::uint64_t replies_received = 0;  // verified; a request that gets no reply (noreply) has none
    std::uint64_t sent_bytes = 0;
    std::uint64_t received_bytes = 0;
    std::uint64_t elapsed_ns = 0;              // first send to last reply
    std::vector<std::uint64_t> client_cpu_ns;  // of each thread
    Histogram latency_ns;                      // from the intended send time
    Histogram late_ns;                         // open loop: from the intended to the actual send; empty for a closed loop
    std::uint64_t overdue_requests = 0;  // open loop: due within the window, yet never sent before its end; 0 when it kept up
};

class LoadClient {
public:
    // Opens the connections. Throws run_failed when one cannot be opened, usage_error for a plan that makes no sense.
    explicit LoadClient(const LoadPlan& plan);
    ~LoadClient();
    LoadClient(const LoadClient&) = delete;
    LoadClient& operator=(const LoadClient&) = delete;

    // Stores every key's value, for gets to find. Throws run_failed on a wrong reply.
    void prepare();
    // Runs one window to its end, when every reply is there. Throws run_failed on a wrong reply, a closed connection, or when
    // nothing was received for five seconds while replies were due.
    LoadResult run(const LoadWindow& window);

private:
    class Thread;
    std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace tare
