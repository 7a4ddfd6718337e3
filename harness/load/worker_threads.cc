// SPDX-License-Identifier: Apache-2.0
#include "harness/load/worker_threads.h"

namespace tare {

WorkerThreads::WorkerThreads(std::size_t count) {
    threads_.reserve(count);
    for (std::size_t thread = 0; thread < count; ++thread)
        threads_.emplace_back([this, thread](const std::stop_token& stop) { serve(thread, stop); });
}

WorkerThreads::~WorkerThreads() {
    for (std::jthread& thread : threads_) thread.request_stop();
}

void WorkerThreads::run(const Work& work) {
    std::unique_lock lock(mutex_);
    work_ = &work;
    at_work_ = threads_.size();
    ++round_;
    begun_.notify_all();
    ended_.wait(lock, [this] { return at_work_ == 0; });
}

void WorkerThreads::serve(std::size_t thread, const std::stop_token& stop) {
    std::uint64_t done = 0;
    std::unique_lock lock(mutex_);
    while (begun_.wait(lock, stop, [&] { return round_ > done; })) {
        done = round_;
        lock.unlock();
        (*work_)(thread);
        lock.lock();
        if (--at_work_ == 0) ended_.notify_one();
    }
}

}  // namespace tare
