// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/per_request.h"

#include <fmt/format.h>

#include <cmath>

#include "core/bounds.h"

namespace tare {
namespace {

PerRequest unbounded(const PerRequest& absent) {
    const std::string& reason = absent.reason();
    const std::size_t bounds = bounds_in(reason).size();
    return bounds == 0 ? absent : Absent{reason.substr(bounds + bounds_end.size())};
}

}  // namespace

PerRequest per_request(const Measured<std::uint64_t>& reading, std::uint64_t requests) {
    return reading.transform([=](std::uint64_t value) {
        check(requests > 0, "a count per request of no requests");
        return static_cast<double>(value) / static_cast<double>(requests);
    });
}

std::string count_text(double per_request) {
    return per_request == std::floor(per_request) ? fmt::format("{:.0f}", per_request) : fmt::format("{:.3f}", per_request);
}

PerRequest operator+(const PerRequest& left, const PerRequest& right) {
    if (!left.present()) return unbounded(left);
    if (!right.present()) return unbounded(right);
    return left.value() + right.value();
}

PerRequest operator-(const PerRequest& left, const PerRequest& right) {
    if (!left.present()) return unbounded(left);
    if (!right.present()) return unbounded(right);
    return left.value() - right.value();
}

}  // namespace tare
