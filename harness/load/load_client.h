// SPDX-License-Identifier: Apache-2.0
// The load generator: connections that are kept open, and windows of load on them. Between two windows nothing is in
// flight, so counters can be read there. Every reply is verified byte for byte.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "harness/load/load_plan.h"
#include "harness/load/load_result.h"
#include "harness/load/popularity.h"
#include "harness/load/protocols/protocol.h"
#include "harness/load/value_pool.h"
#include "harness/load/worker_threads.h"

namespace tare {

class LoadThread;

class LoadClient {
public:
    // Opens the connections, raising the limit of descriptors where it must. Throws run_failed when one cannot be opened,
    // cannot_measure when the hard limit does not suffice or the plan's I/O cannot be had, usage_error for a plan that makes no
    // sense.
    explicit LoadClient(const LoadPlan& plan);
    ~LoadClient();
    LoadClient(const LoadClient&) = delete;
    LoadClient& operator=(const LoadClient&) = delete;

    // Stores every key's value, for gets to find; of a suite's protocol as it says. Throws run_failed on a wrong reply.
    void prepare();
    // By what it sends and receives.
    const ChosenClientIo& client_io() const { return client_io_; }
    // Runs one window to its end, when every reply is there. Throws run_failed on a wrong reply, a closed connection, or when
    // nothing was received for five seconds while replies were due; usage_error for a window that makes no sense.
    LoadResult run(const LoadWindow& window);
    // Ends the window that runs, and every later one, as if its time were over. From any thread or signal handler.
    void stop() { stop_.store(true, std::memory_order_relaxed); }

private:
    // Runs `work` with each thread's number, on its core, when all are ready; throws what the first of them threw.
    void on_each_thread(const std::function<void(std::size_t)>& work);
    void open();
    void close();

    LoadPlan plan_;
    ValuePool pool_;
    std::unique_ptr<Protocol> protocol_;
    KeyPopularity popularity_;
    ChosenClientIo client_io_;
    std::vector<std::unique_ptr<LoadThread>> threads_;
    std::atomic<bool> stop_ = false;
    WorkerThreads workers_;  // last: they use the others
};

}  // namespace tare
