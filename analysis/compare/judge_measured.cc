// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/judge_measured.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/compare/judge_exact.h"
#include "analysis/statistics.h"

namespace tare::compare {
namespace {

struct Pairs {
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
std::vector<double> effects_of(const Pairs& pairs, bool relative) {
    std::vector<double> effects;
    for (std::size_t index = 0; index < pairs.base.size(); ++index) {
        const double base = pairs.base[index];
        const double head = pairs.head[index];
        effects.push_back(relative ? std::log(head / base) : head - base);
    }
    return effects;
}

void judge_effects(Judged& judged, const std::vector<double>& effects, bool relative) {
    const double effect = median(effects);
    const Interval raw = bootstrap_median(effects, judged.terms.error);
    const auto scaled = [&](double value) { return relative ? std::expm1(value) : value; };
    judged.interval = Interval{scaled(raw.low), scaled(raw.high)};
    judged.relative.reset();
    if (relative) judged.relative = scaled(effect);
    if (raw.contains(0)) {
        judged.verdict = Verdict::no_detectable_change;
        judged.smallest_detectable = scaled(std::max(effect - raw.low, raw.high - effect));
        return;
    }
    // As far below as above: 1/1.05 is to 1 what 1 is to 1.05.
    if (relative && std::abs(effect) <= std::log1p(judged.terms.threshold)) {
        judged.verdict = Verdict::same;
        judged.notes.push_back(
            fmt::format("a change of {:+.2f} %, within {:g} %", scaled(effect) * 100, judged.terms.threshold * 100));
        return;
    }
    judged.verdict = verdict_of(direction_of(judged.row), effect > 0);
}

}  // namespace

void judge_measured(Judged& judged) {
    const Row& row = judged.row;
    const Pairs pairs = pairs_of(row);
    judged.repetitions = pairs.base.size();
    const std::size_t unpaired = row.base.size() + row.head.size() - 2 * (pairs.base.size() + pairs.marked_count);
    if (unpaired > 0) judged.notes.push_back(fmt::format("{} windows have no partner to compare with", unpaired));
    if (pairs.marked_count > 0)
        judged.notes.push_back(fmt::format("{} of {} pairs are left out for their marks: {}", pairs.marked_count,
                                           pairs.marked_count + pairs.base.size(), joined(pairs.marks)));
    if (pairs.base.empty()) {
        judged.verdict = Verdict::unstable;
        judged.reason = "no pair of repetitions is left";
        return;
    }
    judged.base = median(pairs.base);
    judged.head = median(pairs.head);
    judged.difference = *judged.head - *judged.base;
    if (*judged.base != 0) judged.relative = *judged.head / *judged.base - 1;
    if (pairs.base == pairs.head) {
        judged.verdict = Verdict::same;
        return;
    }
    const std::size_t fewest = fewest_repetitions(judged.terms.error);
    if (pairs.base.size() < fewest) {
        judged.verdict = Verdict::unstable;
        judged.reason = fmt::format("{} pair{} of repetitions; an interval of {:g} % needs {}", pairs.base.size(),
                                    pairs.base.size() == 1 ? "" : "s", 100 * (1 - judged.terms.error), fewest);
        return;
    }
    const bool relative = all_positive(pairs.base) && all_positive(pairs.head);
    judge_effects(judged, effects_of(pairs, relative), relative);
}

}  // namespace tare::compare
