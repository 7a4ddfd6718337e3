// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/judge_measured.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <set>

#include "analysis/compare/judge_exact.h"
#include "core/median.h"

namespace tare::compare {
namespace {

constexpr double power = 0.8;  // of the smallest change that is called detectable

struct Pairs {
    std::vector<std::uint64_t> repetitions;
    std::vector<double> base;
    std::vector<double> head;
    std::set<std::string> marks;  // of the pairs that were left out for them
    std::size_t marked_count = 0;
};

// The repetitions that both runs have; a time of a marked window is left out, with its partner.
Pairs pairs_of(const Row& row) {
    const bool is_time = row.quantity.metric.ends_with("_ns");
    Pairs pairs;
    for (const auto& [repetition, base] : row.base) {
        const auto partner = row.head.find(repetition);
        if (partner == row.head.end() || !base.reading.present() || !partner->second.reading.present()) continue;
        const Window& head = partner->second;
        if (is_time && !(base.marks.empty() && head.marks.empty())) {
            ++pairs.marked_count;
            if (!base.marks.empty()) pairs.marks.insert("base: " + base.marks);
            if (!head.marks.empty()) pairs.marks.insert("head: " + head.marks);
            continue;
        }
        pairs.repetitions.push_back(repetition);
        pairs.base.push_back(figure_of(base, row.quantity.metric));
        pairs.head.push_back(figure_of(head, row.quantity.metric));
    }
    return pairs;
}

std::string joined(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
    return all;
}

bool all_positive(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
}

// Log ratios; differences where a value is 0 and no ratio exists.
Effects effects_of(const Pairs& pairs) {
    const bool relative = all_positive(pairs.base) && all_positive(pairs.head);
    std::vector<std::pair<std::uint64_t, double>> effects;
    for (std::size_t index = 0; index < pairs.base.size(); ++index) {
        const double base = pairs.base[index];
        const double head = pairs.head[index];
        effects.emplace_back(pairs.repetitions[index], relative ? std::log(head / base) : head - base);
    }
    return {Shift(effects), relative};
}

// In the unit of the effects: as far below as above, 1/1.05 is to 1 what 1 is to 1.05.
double threshold_of(const Judged& judged) {
    return judged.effects->relative ? std::log1p(judged.terms.threshold) : judged.terms.threshold * std::abs(*judged.base);
}

double scaled(const Judged& judged, double effect) { return judged.effects->relative ? std::expm1(effect) : effect; }

Verdict verdict_of_interval(Direction direction, const Interval& interval, double threshold) {
    if (interval.low > threshold) return verdict_of(direction, true);
    if (interval.high < -threshold) return verdict_of(direction, false);
    if (interval.within(-threshold, threshold)) return Verdict::same;
    if (direction != Direction::neither && interval.high <= threshold) return Verdict::not_worse;
    return Verdict::unresolved;
}

// The interval of a change must clear the threshold on one side, and does so in `power` of all comparisons when it lies so many
// more standard errors further.
double detectable(double threshold, const Interval& interval, double error) {
    const boost::math::normal normal;
    const double arm_errors = boost::math::quantile(normal, 1 - error / 2);
    return threshold + interval.half_width() * (1 + boost::math::quantile(normal, power) / arm_errors);
}

}  // namespace

void pair_windows(Judged& judged) {
    const Row& row = judged.row;
    const Pairs pairs = pairs_of(row);
    judged.repetitions = pairs.base.size();
    const std::size_t unpaired = row.base.size() + row.head.size() - 2 * (pairs.base.size() + pairs.marked_count);
    if (unpaired > 0) judged.notes.push_back(fmt::format("{} windows have no partner to compare with", unpaired));
    if (pairs.marked_count > 0)
        judged.notes.push_back(fmt::format("{} of {} pairs are left out for their marks: {}", pairs.marked_count,
                                           pairs.marked_count + pairs.base.size(), joined(pairs.marks)));
    if (pairs.base.empty()) {
        judged.verdict = Verdict::unresolved;
        judged.reason = pairs.marked_count > 0 ? "every pair of repetitions is marked" : "no repetition has a partner";
        return;
    }
    judged.base = median(pairs.base);
    judged.head = median(pairs.head);
    judged.difference = *judged.head - *judged.base;
    if (*judged.base != 0) judged.relative = *judged.head / *judged.base - 1;
    judged.effects = effects_of(pairs);
}

bool clears(const Judged& judged, double error) {
    const std::optional<Estimated> estimated = judged.effects->shift.at(error);
    const double threshold = threshold_of(judged);
    return estimated && estimated->interval.outside(-threshold, threshold);
}

void resolve(Judged& judged, double error) {
    judged.terms.error = error;
    const std::optional<Estimated> estimated = judged.effects->shift.at(error);
    if (!estimated) {
        judged.verdict = Verdict::unresolved;
        judged.reason = fmt::format("{} pair{} of repetitions; an interval of {:.6g} % needs {}", judged.repetitions,
                                    judged.repetitions == 1 ? "" : "s", 100 * (1 - error), fewest_repetitions(error));
        return;
    }
    const Interval& raw = estimated->interval;
    const double threshold = threshold_of(judged);
    judged.interval = Interval{scaled(judged, raw.low), scaled(judged, raw.high)};
    judged.relative.reset();
    if (judged.effects->relative) judged.relative = scaled(judged, estimated->value);
    judged.difference = judged.relative ? *judged.relative * *judged.base : estimated->value;
    judged.minimum_detectable = scaled(judged, detectable(threshold, raw, error));
    judged.verdict = verdict_of_interval(direction_of(judged.row), raw, threshold);
    if (judged.verdict != Verdict::unresolved) return;
    judged.reason = judged.effects->relative
                        ? fmt::format("the interval is neither beyond {:g} % nor within", judged.terms.threshold * 100)
                        : fmt::format("the interval is neither beyond {:.3g} nor within", threshold);
    judged.increase = judged.interval->high * (judged.relative ? *judged.base : 1);
}

}  // namespace tare::compare
