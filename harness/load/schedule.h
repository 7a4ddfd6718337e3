// SPDX-License-Identifier: Apache-2.0
// When the requests of an open loop are due, whatever the server does. The next due time is all there is: requests that
// wait need no queue, because none is drawn before the one before it was sent.
#pragma once

#include <cstdint>
#include <random>

#include "harness/load/load_plan.h"

namespace tare {

class Schedule {
public:
    // `rate_per_s` from start_ns on: at constant distances, the first at start_ns, or as a Poisson process.
    Schedule(const LoadWindow::OpenLoop& open_loop, std::uint64_t start_ns, std::uint64_t seed);

    // The time of the next request.
    std::uint64_t next_due_ns() const { return start_ns_ + static_cast<std::uint64_t>(next_ns_); }
    void advance() { next_ns_ += arrivals_ == Arrivals::constant ? distance_ns_ : distance_ns_ * exponential_(random_); }
    // How many are due from next_due_ns() on and before `end_ns`; draws the number, not the times, so it takes no longer for
    // many. Ends the schedule.
    std::uint64_t drain_until(std::uint64_t end_ns);

private:
    Arrivals arrivals_;
    double distance_ns_;
    std::uint64_t start_ns_;
    double next_ns_ = 0;  // since the start: small enough to keep fractions of a nanosecond
    std::mt19937_64 random_;
    std::exponential_distribution<double> exponential_{1};
};

}  // namespace tare
