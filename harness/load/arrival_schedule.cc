// SPDX-License-Identifier: Apache-2.0
#include "harness/load/arrival_schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace tare {
namespace {

constexpr double rate_max_per_s = 1e9;
constexpr double ns_per_s = 1e9;

}  // namespace

DueTimes due_times(const LoadWindow& window, std::size_t thread, std::size_t threads) {
    const double rate_per_s = window.open_loop->rate_per_s;
    if (!(rate_per_s > 0 && rate_per_s <= rate_max_per_s)) throw usage_error("a rate is above 0 and at most 10^9 a second");
    auto length_ns = static_cast<double>(window.duration_ns);
    auto count = static_cast<std::uint64_t>(std::llround(length_ns * rate_per_s / ns_per_s));
    if (window.requests > 0 && (window.duration_ns == 0 || window.requests < count)) {
        count = window.requests;
        length_ns = static_cast<double>(count) * ns_per_s / rate_per_s;
    }
    DueTimes times{window.open_loop->arrivals, count / threads + (thread < count % threads ? 1 : 0), length_ns};
    times.first_ns = static_cast<double>(thread) * ns_per_s / rate_per_s;
    times.distance_ns = static_cast<double>(threads) * ns_per_s / rate_per_s;
    return times;
}

Schedule::Schedule(const DueTimes& times, std::uint64_t start_ns, std::uint64_t seed)
    : times_(times), start_ns_(start_ns), left_(times.count), random_(seed) {
    if (times_.arrivals == Arrivals::constant)
        next_ns_ = times_.first_ns;
    else
        draw();
}

std::uint64_t Schedule::next_due_ns() const {
    return left_ == 0 ? std::numeric_limits<std::uint64_t>::max() : start_ns_ + static_cast<std::uint64_t>(next_ns_);
}

void Schedule::advance() {
    --left_;
    if (times_.arrivals == Arrivals::constant)
        next_ns_ += times_.distance_ns;
    else
        draw();
}

// The least of `left_` times that are uniform over the rest of the window.
void Schedule::draw() {
    if (left_ == 0) return;
    next_ns_ += (times_.length_ns - next_ns_) * -std::expm1(-exponential_(random_) / static_cast<double>(left_));
}

std::uint64_t Schedule::drain_until(std::uint64_t end_ns) {
    if (end_ns <= next_due_ns()) return 0;
    const std::uint64_t left = left_;
    const double rest_ns = static_cast<double>(end_ns - start_ns_) - next_ns_;
    left_ = 0;
    // The next one, and then whatever comes in the rest.
    if (times_.arrivals == Arrivals::constant)
        return std::min(left, static_cast<std::uint64_t>(std::max(1.0, std::ceil(rest_ns / times_.distance_ns))));
    const double share = rest_ns / (times_.length_ns - next_ns_);
    if (!(share < 1)) return left;
    return 1 + std::binomial_distribution<std::uint64_t>(left - 1, std::max(0.0, share))(random_);
}

}  // namespace tare
