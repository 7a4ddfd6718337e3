// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/peer_thread.h"

#include <utility>

#include "core/clock.h"
#include "harness/process/cpu_affinity.h"

namespace tare::calibration {
namespace {

constexpr std::uint64_t spin_ns = 300'000;  // about a turn: who yields a core that others want waits long for it

// Until `holds`, without sleep; both sides may share the only core, so not without end either.
template <class Condition>
void spin_until(const Condition& holds) {
    const std::uint64_t start_ns = monotonic_ns();
    while (!holds()) {
        if (monotonic_ns() - start_ns > spin_ns) std::this_thread::yield();
    }
}

}  // namespace

PeerThread::PeerThread(int cpu, std::function<void()> turn) : turn_(std::move(turn)), thread_([this, cpu] { run(cpu); }) {}

PeerThread::~PeerThread() {
    stop_ = true;
    thread_.join();
}

void PeerThread::await_turns() {
    spin_until([this] { return done_ == asked_; });
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void PeerThread::run(int cpu) {
    try {
        pin_this_thread(cpu);
    } catch (...) {
        failure_ = std::current_exception();
    }
    for (;;) {
        spin_until([this] { return stop_ || done_ != asked_; });
        if (stop_) return;
        try {
            if (!failure_) turn_();
        } catch (...) {
            failure_ = std::current_exception();
        }
        ++done_;
    }
}

}  // namespace tare::calibration
