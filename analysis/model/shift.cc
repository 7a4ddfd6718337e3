// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/shift.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/model/statistics.h"
#include "core/check.h"
#include "core/median.h"

namespace tare {
namespace {

constexpr std::size_t most_slices = 64;  // 2080 means of two, which any job can afford

// Slices of whole ABCCBA turns: an even number of repetitions each.
std::uint64_t slice_length(std::size_t repetitions) { return 2 * ((repetitions + 2 * most_slices - 1) / (2 * most_slices)); }

std::vector<double> slice_means(const std::vector<std::pair<std::uint64_t, double>>& effects) {
    std::map<std::uint64_t, std::pair<double, double>> slices;  // sum and number
    const std::uint64_t length = slice_length(effects.size());
    for (const auto& [repetition, effect] : effects) {
        auto& [sum, number] = slices[repetition / length];
        sum += effect;
        ++number;
    }
    std::vector<double> means;
    means.reserve(slices.size());
    for (const auto& [slice, each] : slices) means.push_back(each.first / each.second);
    return means;
}

// The means of all pairs of values, each with itself too, in order.
std::vector<double> walsh_averages(const std::vector<double>& values) {
    std::vector<double> averages;
    averages.reserve(values.size() * (values.size() + 1) / 2);
    for (std::size_t one = 0; one < values.size(); ++one) {
        for (std::size_t other = one; other < values.size(); ++other) averages.push_back((values[one] + values[other]) / 2);
    }
    std::sort(averages.begin(), averages.end());
    return averages;
}

// Of Wilcoxon's sum of the positive ranks of `count` values: the chance of each sum or less.
std::vector<double> rank_sum_probabilities(std::size_t count) {
    std::vector<double> chances{1};
    for (std::size_t rank = 1; rank <= count; ++rank) {
        std::vector<double> next(chances.size() + rank, 0);
        for (std::size_t sum = 0; sum < chances.size(); ++sum) {
            next[sum] += chances[sum] / 2;
            next[sum + rank] += chances[sum] / 2;
        }
        chances = std::move(next);
    }
    for (std::size_t sum = 1; sum < chances.size(); ++sum) chances[sum] += chances[sum - 1];
    return chances;
}

}  // namespace

std::size_t fewest_repetitions(double error) {
    check(error > 0 && error < 1, "an error that is no probability");
    return std::max<std::size_t>(2, static_cast<std::size_t>(std::ceil(1 - std::log2(error))));
}

SignedRanks::SignedRanks(const std::vector<double>& values)
    : walsh_(walsh_averages(values)), probabilities_(rank_sum_probabilities(values.size())) {}

double SignedRanks::estimate() const { return median(walsh_); }

// As many are cut off at either end as leave the middle outside with at most the chance `error`.
std::optional<Estimated> SignedRanks::at(double error) const {
    const auto beyond = std::upper_bound(probabilities_.begin(), probabilities_.end(), error / 2);
    if (beyond == probabilities_.begin()) return std::nullopt;
    const auto cut = static_cast<std::size_t>(beyond - probabilities_.begin()) - 1;
    return Estimated{estimate(), {walsh_[cut], walsh_[walsh_.size() - 1 - cut]}};
}

Shift::Shift(const std::vector<std::pair<std::uint64_t, double>>& effects) : slices_(slice_means(effects)) {
    for (const auto& [repetition, effect] : effects) ordered_.push_back(effect);
    std::sort(ordered_.begin(), ordered_.end());
}

std::optional<Estimated> Shift::at(double error) const {
    if (const auto estimated = slices_.at(error)) return estimated;
    const std::optional<std::size_t> cut = order_statistic_rank(ordered_.size(), error);
    if (!cut) return std::nullopt;
    return Estimated{median(ordered_), {ordered_[*cut], ordered_[ordered_.size() - 1 - *cut]}};
}

}  // namespace tare
