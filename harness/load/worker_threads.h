// SPDX-License-Identifier: Apache-2.0
// Threads that live as long as this and do the same work together, over and over: what belongs to one thread, such as a ring
// with a single issuer, outlives the work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tare {

class WorkerThreads {
public:
    using Work = std::function<void(std::size_t thread)>;

    explicit WorkerThreads(std::size_t count);
    ~WorkerThreads();
    WorkerThreads(const WorkerThreads&) = delete;
    WorkerThreads& operator=(const WorkerThreads&) = delete;

    std::size_t count() const { return threads_.size(); }
    // Calls `work`, which must not throw, with each thread's number on that thread, all of them at once; returns when all are
    // done.
    void run(const Work& work);

private:
    void serve(std::size_t thread, const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any begun_;
    std::condition_variable ended_;
    const Work* work_ = nullptr;
    std::uint64_t round_ = 0;
    std::size_t at_work_ = 0;
    std::vector<std::jthread> threads_;  // last: they use the others
};

}  // namespace tare
