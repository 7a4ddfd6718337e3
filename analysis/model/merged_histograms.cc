// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/merged_histograms.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/check.h"
#include "core/percentiles.h"

namespace tare {
namespace {

constexpr std::uint64_t seed = 20260108;  // any will do, if it stays: a report made twice must say the same
constexpr std::size_t draw_count = 1000;
constexpr std::size_t drawn_beyond = 25;  // at either end: 2.5 %

// Several histograms' counts in the buckets that any of them fills, so that many sums of them are quick.
class Table {
public:
    Table(const std::vector<Histogram>& histograms, const Histogram& all) : buckets_(all.filled_buckets()) {
        for (const Histogram& histogram : histograms) {
            std::vector<std::uint64_t>& counts = counts_.emplace_back(buckets_.size());
            std::size_t place = 0;
            for (const Histogram::Bucket& bucket : histogram.filled_buckets()) {
                while (buckets_[place].lowest < bucket.lowest) ++place;
                counts[place] = bucket.count;
            }
        }
    }

    // The percentiles of as many histograms as there are, drawn with repetition.
    std::vector<double> drawn(std::mt19937_64& random) const {
        std::uniform_int_distribution<std::size_t> any(0, counts_.size() - 1);
        std::vector<std::uint64_t> sums(buckets_.size());
        for (std::size_t draw = 0; draw < counts_.size(); ++draw) {
            const std::vector<std::uint64_t>& counts = counts_[any(random)];
            for (std::size_t place = 0; place < sums.size(); ++place) sums[place] += counts[place];
        }
        const auto total = static_cast<double>(std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}));
        std::vector<double> values;
        std::uint64_t seen = 0;
        std::size_t place = 0;
        for (const auto& [name, percent] : named_percentiles) {
            const double wanted = std::max(1.0, std::ceil(percent / 100 * total));
            while (static_cast<double>(seen + sums[place]) < wanted) seen += sums[place++];
            values.push_back(static_cast<double>(buckets_[place].highest));
        }
        return values;
    }

private:
    std::vector<Histogram::Bucket> buckets_;
    std::vector<std::vector<std::uint64_t>> counts_;
};

// For each percentile what it became in each draw, in order.
std::vector<std::vector<double>> resampled(const std::vector<Histogram>& histograms, const Histogram& all) {
    const Table table(histograms, all);
    std::mt19937_64 random(seed);
    std::vector<std::vector<double>> by_percentile(named_percentiles.size());
    for (std::size_t draw = 0; draw < draw_count; ++draw) {
        const std::vector<double> values = table.drawn(random);
        for (std::size_t index = 0; index < values.size(); ++index) by_percentile[index].push_back(values[index]);
    }
    for (std::vector<double>& values : by_percentile) std::sort(values.begin(), values.end());
    return by_percentile;
}

double value_of(const Histogram& histogram, double percent) {
    return static_cast<double>(percent < 100 ? histogram.percentile(percent) : histogram.max());
}

// `draws` are what the percentile became, in order.
Estimate estimate_of(double value, double percent, const std::vector<double>& by_repetition, const std::vector<double>& draws) {
    Estimate estimate = median_of(by_repetition);
    estimate.value = value;
    if (percent >= 100) {
        const auto [least, most] = std::minmax_element(by_repetition.begin(), by_repetition.end());
        return {value, *least, *most, by_repetition.size(), false};
    }
    if (estimate.interval) {
        estimate.low = std::min(estimate.low, draws[drawn_beyond]);
        estimate.high = std::max(estimate.high, draws[draw_count - 1 - drawn_beyond]);
    }
    estimate.low = std::min(estimate.low, value);
    estimate.high = std::max(estimate.high, value);
    return estimate;
}

}  // namespace

std::map<std::string, Merged> merged_percentiles(const std::vector<const HistogramRow*>& repetitions) {
    check(!repetitions.empty(), "percentiles of no repetition");
    std::vector<Histogram> histograms;
    Histogram all;
    for (const HistogramRow* const row : repetitions) {
        Histogram histogram;
        histogram.merge(row->buckets, row->sum, row->max);
        all.merge(histogram);
        if (histogram.count() > 0) histograms.push_back(std::move(histogram));
    }
    std::vector<std::vector<double>> draws;
    if (!histograms.empty()) draws = resampled(histograms, all);
    std::map<std::string, Merged> percentiles;
    for (std::size_t index = 0; index < named_percentiles.size(); ++index) {
        const char* const name = named_percentiles[index].first;
        const double percent = named_percentiles[index].second;
        std::vector<double> by_repetition;
        for (const Histogram& histogram : histograms) by_repetition.push_back(value_of(histogram, percent));
        const Measured<Estimate> estimate = percentile_reading(all, percent).transform([&](std::uint64_t value) {
            return estimate_of(static_cast<double>(value), percent, by_repetition, draws[index]);
        });
        percentiles.emplace(name, Merged{estimate, std::move(by_repetition)});
    }
    return percentiles;
}

}  // namespace tare
