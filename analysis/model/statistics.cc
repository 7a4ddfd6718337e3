// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "core/check.h"

namespace tare {
namespace {

constexpr double confidence = 0.95;

}  // namespace

// Of n numbers the lowest k all lie above the median with the chance of k - 1 heads or fewer in n throws.
std::optional<std::size_t> order_statistic_rank(std::size_t count, double error) {
    const boost::math::binomial coin(static_cast<double>(count), 0.5);
    std::optional<std::size_t> cut;
    for (std::size_t heads = 0; heads < count / 2; ++heads) {
        if (2 * boost::math::cdf(coin, static_cast<double>(heads)) > error) break;
        cut = heads;
    }
    return cut;
}

Estimate median_of(std::vector<double> numbers) {
    check(!numbers.empty(), "the median of no numbers");
    std::sort(numbers.begin(), numbers.end());
    const std::size_t count = numbers.size();
    const std::optional<std::size_t> cut = order_statistic_rank(count, 1 - confidence);
    return {median(numbers), numbers[cut.value_or(0)], numbers[count - 1 - cut.value_or(0)], count, cut.has_value()};
}

Estimate median_ratio(std::vector<double> ratios) {
    for (double& ratio : ratios) {
        check(ratio > 0, "a ratio of nothing");
        ratio = std::log(ratio);
    }
    const Estimate logarithm = median_of(std::move(ratios));
    return {std::exp(logarithm.value), std::exp(logarithm.low), std::exp(logarithm.high), logarithm.count, logarithm.interval};
}

std::optional<Line> fit_line(std::span<const std::pair<double, double>> points) {
    const auto count = static_cast<double>(points.size());
    double sum_x = 0, sum_y = 0;
    for (const auto& [x, y] : points) {
        sum_x += x;
        sum_y += y;
    }
    double xx = 0, xy = 0;
    for (const auto& [x, y] : points) {
        xx += (x - sum_x / count) * (x - sum_x / count);
        xy += (x - sum_x / count) * (y - sum_y / count);
    }
    if (points.empty() || xx == 0) return std::nullopt;
    Line line;
    line.slope = xy / xx;
    line.intercept = (sum_y - line.slope * sum_x) / count;
    line.count = points.size();
    double squares = 0;
    for (const auto& [x, y] : points) {
        const double residual = y - line.at(x);
        line.largest_residual = std::max(line.largest_residual, std::abs(residual));
        squares += residual * residual;
    }
    if (points.size() < 3) return line;
    const boost::math::students_t student(count - 2);
    const double deviations = boost::math::quantile(student, (1 + confidence) / 2) * std::sqrt(squares / (count - 2));
    const double mean_x = sum_x / count;
    line.slope_half_width = deviations / std::sqrt(xx);
    line.intercept_half_width = deviations * std::sqrt(1 / count + mean_x * mean_x / xx);
    return line;
}

}  // namespace tare
