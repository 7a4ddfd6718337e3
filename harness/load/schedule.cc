// SPDX-License-Identifier: Apache-2.0
#include "harness/load/schedule.h"

#include <cmath>

#include "core/error.h"

namespace tare {

Schedule::Schedule(const LoadWindow::OpenLoop& open_loop, std::uint64_t start_ns, std::uint64_t seed)
    : arrivals_(open_loop.arrivals), distance_ns_(1e9 / open_loop.rate_per_s), start_ns_(start_ns), random_(seed) {
    if (!std::isfinite(open_loop.rate_per_s) || open_loop.rate_per_s <= 0) throw usage_error("a rate is above 0");
    if (arrivals_ == Arrivals::poisson) advance();
}

std::uint64_t Schedule::drain_until(std::uint64_t end_ns) {
    if (end_ns <= next_due_ns()) return 0;
    const double left = (static_cast<double>(end_ns - start_ns_) - next_ns_) / distance_ns_;
    next_ns_ = static_cast<double>(end_ns - start_ns_);
    // The next one, and then whatever the process brings in the rest.
    if (arrivals_ == Arrivals::constant) return static_cast<std::uint64_t>(std::max(1.0, std::ceil(left)));
    return left > 0 ? 1 + std::poisson_distribution<std::uint64_t>(left)(random_) : 1;
}

}  // namespace tare
