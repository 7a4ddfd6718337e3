// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/per_request.h"

#include <fmt/format.h>

#include <cmath>

#include "core/bounds.h"

namespace tare {
namespace {

std::variant<double, Absent> quotient(const Reading& reading, std::uint64_t requests) {
    if (!reading.present()) return Absent{reading.reason()};
    check(requests > 0, "a figure of no requests");
    return static_cast<double>(reading.value()) / static_cast<double>(requests);
}

// What is known of a part is not known of a sum with it.
Figure unbounded(const Figure& absent) {
    const std::string& reason = absent.reason();
    const std::size_t bounds = bounds_in(reason).size();
    return bounds == 0 ? absent : Figure(Absent{reason.substr(bounds + bounds_end.size())});
}

}  // namespace

Figure::Figure(const Reading& reading, std::uint64_t requests) : state_(quotient(reading, requests)) {}

double Figure::value() const {
    check(present(), "value() of an absent figure");
    return std::get<double>(state_);
}

const std::string& Figure::reason() const {
    check(!present(), "reason() of a present figure");
    return std::get<Absent>(state_).reason;
}

std::string Figure::text() const {
    const double number = value();
    return number == std::floor(number) ? fmt::format("{:.0f}", number) : fmt::format("{:.3f}", number);
}

Figure operator+(const Figure& left, const Figure& right) {
    if (!left.present()) return unbounded(left);
    if (!right.present()) return unbounded(right);
    return Figure(left.value() + right.value());
}

Figure operator-(const Figure& left, const Figure& right) {
    if (!left.present()) return unbounded(left);
    if (!right.present()) return unbounded(right);
    return Figure(left.value() - right.value());
}

}  // namespace tare
