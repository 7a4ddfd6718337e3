// SPDX-License-Identifier: Apache-2.0
// How far one side lies from the other, from the effects of paired repetitions in the order of time: the Hodges-Lehmann estimate
// and its interval by Wilcoxon's signed ranks. How often such intervals hold the truth, tests/bench/interval_coverage.cc shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tare {

struct Interval {
    double low = 0;
    double high = 0;

    bool contains(double value) const { return low <= value && value <= high; }
    bool within(double least, double most) const { return least <= low && high <= most; }
    bool outside(double least, double most) const { return high < least || low > most; }
    double half_width() const { return (high - low) / 2; }
};

// A shift and how far it may be off, both in the unit of the effects.
struct Estimated {
    double value = 0;
    Interval interval;
};

// The fewest repetitions that an interval can come from: the least and the most of n hold the middle with a probability of
// 1 - 2^(1-n). `error` is 1 less the level, between 0 and 1.
std::size_t fewest_repetitions(double error);

// Of values that are independent of each other: the Hodges-Lehmann estimate of their middle, the median of the means of all pairs
// (Walsh averages), and its interval by Wilcoxon's signed ranks, between two of these means. Takes time that grows with the third
// power of their number: 64 values are for any job to afford.
class SignedRanks {
public:
    explicit SignedRanks(const std::vector<double>& values);

    // The median of the Walsh averages. Asserts that there is a value.
    double estimate() const;
    // Nothing when there are too few values for this level: six are needed for an error of 0.05.
    std::optional<Estimated> at(double error) const;

private:
    std::vector<double> walsh_;          // in order
    std::vector<double> probabilities_;  // that the sum of signed ranks is at most so much
};

// Repetitions two by two are a slice, by their number: in turns of ABCCBA the second undoes what a drift did to the first, and
// neighbours in time do not pass for independent. The mean of a slice is one effect; long series have longer slices, so that
// there are at most 64. Where the slices are too few for a level, the repetitions stand for themselves, and the interval of their
// median is between two order statistics.
class Shift {
public:
    // By the repetition's number.
    explicit Shift(const std::vector<std::pair<std::uint64_t, double>>& effects);

    std::size_t repetitions() const { return ordered_.size(); }
    // Nothing when there are fewer than fewest_repetitions(error).
    std::optional<Estimated> at(double error) const;

private:
    std::vector<double> ordered_;  // the effects
    SignedRanks slices_;           // of the slices' means
};

}  // namespace tare
