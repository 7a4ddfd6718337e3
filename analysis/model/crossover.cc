// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/crossover.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace tare {
namespace {

double logarithm(std::uint64_t x) { return std::log(static_cast<double>(std::max<std::uint64_t>(x, 1))); }

// The first place between two points where the medians change sides, which there is because the two lie on either.
double crossing_x(const RatioPoints& points, std::size_t first, std::size_t last) {
    const bool rises = points[last].second.value > 1;
    std::size_t right = first + 1;
    while (right < last && (points[right].second.value > 1) != rises) ++right;
    const double x0 = logarithm(points[right - 1].first), x1 = logarithm(points[right].first);
    const double y0 = std::log(points[right - 1].second.value), y1 = std::log(points[right].second.value);
    return std::exp(x0 - y0 * (x1 - x0) / (y1 - y0));
}

}  // namespace

Crossover crossover_of(const RatioPoints& points) {
    Crossover result;
    std::optional<std::size_t> last_sure;
    for (std::size_t index = 0; index < points.size(); ++index) {
        const auto& [x, ratio] = points[index];
        const bool above = ratio.surely_above(1), below = ratio.surely_below(1);
        (above ? result.above : below ? result.below : result.undecided).push_back(x);
        if (!above && !below) continue;
        if (last_sure && points[*last_sure].second.surely_above(1) != above)
            result.crossings.push_back({crossing_x(points, *last_sure, index), static_cast<double>(points[*last_sure].first),
                                        static_cast<double>(x), above});
        last_sure = index;
    }
    return result;
}

}  // namespace tare
