// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/sample.h"

#include <algorithm>

namespace tare {
namespace {

Sample paired(const Sample& left, const Sample& right, const std::function<double(double, double)>& together) {
    if (!left.present()) return left;
    if (!right.present()) return right;
    std::map<std::uint64_t, double> values;
    for (const auto& [repetition, value] : left.by_repetition()) {
        const auto other = right.by_repetition().find(repetition);
        if (other != right.by_repetition().end()) values.emplace(repetition, together(value, other->second));
    }
    const bool all = values.size() == left.by_repetition().size() && values.size() == right.by_repetition().size();
    std::string left_out = left.left_out().empty() ? right.left_out() : left.left_out();
    if (left_out.empty() && !all) left_out = "some repetitions have no partner";
    return {values, "no repetition has both", left_out};
}

}  // namespace

const Sample::Repetitions& Sample::by_repetition() const {
    static const Repetitions none;
    return present() ? repetitions_.value() : none;
}

std::vector<double> Sample::values() const {
    std::vector<double> values;
    values.reserve(by_repetition().size());
    for (const auto& [repetition, value] : by_repetition()) values.push_back(value);
    return values;
}

Estimate Sample::estimate() const { return median_of(values()); }
Estimate Sample::ratio_estimate() const { return median_ratio(values()); }
Measured<Estimate> Sample::median() const {
    return repetitions_.transform([this](const Repetitions&) { return estimate(); });
}

// A zero has no ratio to anything: it is left out on either side.
Sample operator/(const Sample& left, const Sample& right) {
    Sample quotient = paired(left, right, [](double over, double under) { return over > 0 && under > 0 ? over / under : 0; });
    if (!quotient.present()) return quotient;
    std::map<std::uint64_t, double> positive = quotient.by_repetition();
    const std::string zero = "a reading of 0 has no ratio";
    const bool any = std::erase_if(positive, [](const auto& entry) { return entry.second <= 0; }) > 0;
    return {positive, zero, any ? zero : quotient.left_out()};
}

Sample operator+(const Sample& left, const Sample& right) { return paired(left, right, std::plus<>()); }
Sample operator-(const Sample& left, const Sample& right) { return paired(left, right, std::minus<>()); }

Sample operator*(const Sample& left, double factor) {
    if (!left.present()) return left;
    Sample::Repetitions values = left.by_repetition();
    for (auto& [repetition, value] : values) value *= factor;
    return {values, "", left.left_out()};
}

}  // namespace tare
