// SPDX-License-Identifier: Apache-2.0
// A straight line through points by least squares, with how far the points lie from it.
#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace tare {

struct Line {
    double slope = 0;
    double intercept = 0;
    double largest_residual = 0;  // of any point, absolute
};

// Nothing for fewer than two different x.
inline std::optional<Line> fit_line(std::span<const std::pair<double, double>> points) {
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
    Line line{xy / xx, (sum_y - xy / xx * sum_x) / count, 0};
    for (const auto& [x, y] : points)
        line.largest_residual = std::max(line.largest_residual, std::abs(y - line.intercept - line.slope * x));
    return line;
}

}  // namespace tare
