// SPDX-License-Identifier: Apache-2.0
// When the requests of an open loop are due, whatever the server does. The next due time is all there is: requests that
// wait need no queue, because none is drawn before the one before it was sent.
#pragma once

#include <cstdint>
#include <random>

#include "harness/load/load_plan.h"

namespace tare {

// What falls to one of a window's threads. Their due times together are those of the whole window: at constant distances one
// after the other in turn, and never several at one instant.
struct DueTimes {
    Arrivals arrivals = Arrivals::poisson;
    std::uint64_t count = 0;
    double length_ns = 0;    // of the window
    double first_ns = 0;     // constant: of this thread's first, from the window's begin
    double distance_ns = 0;  // constant: between two of this thread
};

// As many requests as the rate brings in the window's duration, or its number of requests in the time that the rate brings them
// in, whichever is less. Throws usage_error for a rate that makes no sense.
DueTimes due_times(const LoadWindow& window, std::size_t thread, std::size_t threads);

class Schedule {
public:
    // From start_ns on. `poisson`: the number is kept, each at a time drawn from the whole window alike: a Poisson process
    // of that rate, given that it brings that number.
    Schedule(const DueTimes& times, std::uint64_t start_ns, std::uint64_t seed);

    // The time of the next request; a time that never comes after the last one.
    std::uint64_t next_due_ns() const;
    void advance();
    // How many are due from next_due_ns() on and before `end_ns`; draws the number, not the times, so it takes no longer for
    // many. Ends the schedule.
    std::uint64_t drain_until(std::uint64_t end_ns);

private:
    void draw();

    DueTimes times_;
    std::uint64_t start_ns_;
    std::uint64_t left_;  // with the next
    double next_ns_ = 0;  // since the start: small enough to keep fractions of a nanosecond
    std::mt19937_64 random_;
    std::exponential_distribution<double> exponential_{1};
};

}  // namespace tare
