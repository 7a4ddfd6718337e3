// SPDX-License-Identifier: Apache-2.0
#include "analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "analysis/statistics.h"
#include "core/check.h"

namespace tare {
namespace {

constexpr std::uint64_t seed = 20260108;  // any will do, if it stays: a comparison made twice must say the same
constexpr double draws_beyond_an_end = 20;
constexpr double draws_at_least = 2000;

std::size_t block_length(std::size_t count) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::llround(std::cbrt(static_cast<double>(count)))));
}

double resampled_median(const std::vector<double>& values, std::mt19937_64& random) {
    std::uniform_int_distribution<std::size_t> anywhere(0, values.size() - 1);
    std::vector<double> drawn;
    drawn.reserve(values.size());
    while (drawn.size() < values.size()) {
        const std::size_t begin = anywhere(random);
        for (std::size_t offset = 0; offset < block_length(values.size()) && drawn.size() < values.size(); ++offset)
            drawn.push_back(values[(begin + offset) % values.size()]);
    }
    return median(std::move(drawn));
}

}  // namespace

std::size_t fewest_repetitions(double error) {
    check(error > 0 && error < 1, "an error that is no probability");
    return std::max<std::size_t>(2, static_cast<std::size_t>(std::ceil(1 - std::log2(error))));
}

Interval bootstrap_median(const std::vector<double>& values, double error) {
    check(values.size() >= fewest_repetitions(error), "an interval of too few repetitions");
    std::mt19937_64 random(seed);
    std::vector<double> medians(static_cast<std::size_t>(std::max(draws_at_least, std::ceil(2 * draws_beyond_an_end / error))));
    for (double& median : medians) median = resampled_median(values, random);
    std::sort(medians.begin(), medians.end());
    std::vector<double> ordered = values;
    std::sort(ordered.begin(), ordered.end());
    const auto beyond = static_cast<std::size_t>(error / 2 * static_cast<double>(medians.size()));
    const std::optional<std::size_t> fewest_cut = numbers_cut(values.size(), error);
    check(fewest_cut.has_value(), "an interval of too few repetitions");
    const std::size_t cut = *fewest_cut;
    return {std::min(medians[beyond], ordered[cut]),
            std::max(medians[medians.size() - 1 - beyond], ordered[ordered.size() - 1 - cut])};
}

}  // namespace tare
