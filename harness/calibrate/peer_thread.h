// SPDX-License-Identifier: Apache-2.0
// The other end of what is calibrated: a thread on the client's core that takes turns with the measured one, as a client does.
// Neither sleeps between turns, so no turn is charged a wake-up.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>

namespace tare::calibration {

class PeerThread {
public:
    // Throws run_failed from the first turn when the core cannot be used.
    PeerThread(int cpu, std::function<void()> turn);
    PeerThread(const PeerThread&) = delete;
    PeerThread& operator=(const PeerThread&) = delete;
    ~PeerThread();

    // The peer begins a turn; this thread goes on.
    void begin_turn() { ++asked_; }
    // Returns when the peer has done every turn that began. Throws what a turn threw.
    void await_turns();

private:
    void run(int cpu);

    std::function<void()> turn_;
    std::exception_ptr failure_;  // the peer's to write until it counts the turn as done
    std::atomic<std::uint64_t> asked_ = 0;
    std::atomic<std::uint64_t> done_ = 0;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace tare::calibration
