// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <set>
#include <string_view>

#include "analysis/model/idle_activity.h"
#include "core/median.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

std::string first_absence(const Windows& windows) {
    for (const auto& [repetition, window] : windows) {
        if (!window.reading.present()) return window.reading.reason();
    }
    return "";
}

bool none_present(const Windows& windows) {
    return std::none_of(windows.begin(), windows.end(), [](const auto& each) { return each.second.reading.present(); });
}

// In lockstep each window counts; of repetitions under load those that are there are enough.
bool is_absent(const Windows& windows, bool exact) { return exact ? !first_absence(windows).empty() : none_present(windows); }

// What one side alone shows: of a count in lockstep all windows, of repetitions their median.
std::optional<double> lone_figure(const Windows& windows, const ComparedRow& judged) {
    if (windows.empty() || is_absent(windows, judged.exact)) return std::nullopt;
    if (judged.exact) return figure_of_all(windows, judged.quantity.metric);
    std::vector<double> figures;
    for (const auto& [repetition, window] : windows) {
        if (window.reading.present()) figures.push_back(figure_of(window, judged.quantity.metric));
    }
    return median(std::move(figures));
}

// True when the row has no two sides to compare, and is judged.
bool judged_by_presence(ComparedRow& judged) {
    const Row& row = judged;
    judged.base = lone_figure(row.base_windows, judged);
    judged.head = lone_figure(row.head_windows, judged);
    if (row.base_windows.empty() || row.head_windows.empty()) {
        judged.verdict = row.base_windows.empty() ? Verdict::only_in_head : Verdict::only_in_base;
        return true;
    }
    const bool base_absent = is_absent(row.base_windows, judged.exact);
    const bool head_absent = is_absent(row.head_windows, judged.exact);
    if (!base_absent && !head_absent) return false;
    judged.verdict = Verdict::absent;
    judged.absent_on_one_side = base_absent != head_absent;
    const std::string& base = first_absence(row.base_windows);
    const std::string& head = first_absence(row.head_windows);
    if (base_absent && head_absent)
        judged.reason = base == head ? "both: " + base : fmt::format("base: {}; head: {}", base, head);
    else
        judged.reason = base_absent ? "base: " + base : "head: " + head;
    return true;
}

// Two counts that vary differ only when they lie further apart than this many times the wider one's spread, and than this
// part of the lower: windows of one run are nearer to each other than to another run's. Seen in runs of one server with values of
// 128 KiB: 196642.5 and 196635.6 bytes allocated for a request against 196605.4 and 196604.9.
constexpr double spreads_apart = 3;
constexpr double part_apart = 0.1;

// What depends on when the client looks, and on what else the machine runs, is not exact where it happens to be whole; and less
// than so many a request more or less is others' doing: one preemption in a window of 200 requests came and went in runs alike.
constexpr std::array<std::string_view, 3> scheduled_metrics{"context_switches", "futex_waits", "page_faults"};
constexpr double scheduled_apart = 0.1;

bool same_windows(const Row& row) {
    return std::equal(row.base_windows.begin(), row.base_windows.end(), row.head_windows.begin(), row.head_windows.end(),
                      [&](const auto& left, const auto& right) {
                          return left.first == right.first &&
                                 figure_of(left.second, row.quantity.metric) == figure_of(right.second, row.quantity.metric);
                      });
}

// Better, worse or changed, by the direction of the metric.
Verdict verdict_of(Direction direction, bool more) {
    if (direction == Direction::neither) return Verdict::changed;
    return more ? Verdict::worse : Verdict::better;
}

double spread(const Extremes& extremes) { return *extremes.most - *extremes.least; }

// Whether `high` lies above `low` beyond what their own spreads explain.
bool apart(const Extremes& low, const Extremes& high) {
    const double gap = *high.least - *low.most;
    return gap > spreads_apart * std::max(spread(low), spread(high)) && gap > part_apart * *low.most;
}

// A base that did the same in each window never did what even one window of the head shows above it; below it, every window must
// be. A base that varied may do again whatever it did: only a head beyond all of that changed, and one that varies, too, must lie
// further off than both explain.
Verdict verdict_of_windows(const Extremes& base, const Extremes& head, Direction direction) {
    if (base.single()) {
        if (direction == Direction::neither) return Verdict::changed;
        if (*head.most > *base.most) return Verdict::worse;
        return *head.most < *base.least ? Verdict::better : Verdict::not_worse;
    }
    if (head.single() ? *head.least > *base.most : apart(base, head)) return verdict_of(direction, true);
    if (head.single() ? *head.most < *base.least : apart(head, base)) return verdict_of(direction, false);
    // What the base did at its best the head does each time.
    if (head.single() && direction != Direction::neither && *head.least == *base.least) return Verdict::not_worse;
    return Verdict::unresolved;
}

Verdict verdict_of_scheduled(const Extremes& base, const Extremes& head, Direction direction) {
    if (base.single() && head.single() && *base.least == *head.least) return Verdict::same;
    if (*head.least - *base.most > scheduled_apart && apart(base, head)) return verdict_of(direction, true);
    if (*base.least - *head.most > scheduled_apart && apart(head, base)) return verdict_of(direction, false);
    return Verdict::unresolved;
}

std::string varies(const char* side, const Extremes& extremes) {
    return fmt::format("{} varies between its windows: {:.6g} to {:.6g}", side, *extremes.least, *extremes.most);
}

constexpr double power = 0.8;  // of the smallest change that is called detectable

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
double threshold_of(const ComparedRow& judged) {
    return judged.effects->relative ? std::log1p(judged.terms.threshold) : judged.terms.threshold * std::abs(*judged.base);
}

double scaled(const ComparedRow& judged, double effect) { return judged.effects->relative ? std::expm1(effect) : effect; }

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

std::string joined(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
    return all;
}

// Fills in the figures and the effects; unresolved at once where no pair is left.
void judge_pairs(ComparedRow& judged) {
    const Row& row = judged;
    const Pairs pairs = pairs_of(row);
    judged.repetitions = pairs.base.size();
    const std::size_t unpaired = row.base_windows.size() + row.head_windows.size() - 2 * (pairs.base.size() + pairs.marked_count);
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

std::string percent(double part) { return fmt::format("{:+.{}f} %", part * 100, std::abs(part) < 0.1 ? 2 : 1); }

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::worse:
            return "worse";
        case Verdict::better:
            return "better";
        case Verdict::changed:
            return "changed";
        case Verdict::same:
            return "same";
        case Verdict::not_worse:
            return "not worse";
        case Verdict::unresolved:
            return "unresolved";
        case Verdict::absent:
            return "absent";
        case Verdict::only_in_base:
            return "only in base";
        case Verdict::only_in_head:
            return "only in head";
    }
    check(false, "a verdict without a name");
    return "";
}

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::not_gated:
            return "not gated";
        case Outcome::passed:
            return "passed";
        case Outcome::allowed:
            return "allowed";
        case Outcome::crossed:
            return "crossed";
        case Outcome::failed:
            return "could not be judged, and fails";
        case Outcome::unmeasured:
            return "could not be judged";
    }
    check(false, "an outcome without a name");
    return "";
}

// What an external server does by itself is no exact count, lockstep or not.
bool is_exact(const Row& row) {
    return row.cell.mode == Mode::lockstep && !is_idle_activity(row.cell) && !metric_of(row.quantity.metric).is_time();
}

Direction direction_of(const Row& row) { return metric_of(row.quantity.metric).direction; }

std::string_view unit_of(const Row& row) { return metric_of(row.quantity.metric).unit; }

void judge_exact(ComparedRow& judged, const Extremes& again) {
    const Row& row = judged;
    const std::string& metric = row.quantity.metric;
    const Direction direction = direction_of(row);
    const bool scheduled = std::find(scheduled_metrics.begin(), scheduled_metrics.end(), metric) != scheduled_metrics.end();
    Extremes base = extremes_of(row.base_windows, metric);
    const Extremes head = extremes_of(row.head_windows, metric);
    judged.base = figure_of_all(row.base_windows, metric);
    judged.head = figure_of_all(row.head_windows, metric);
    judged.difference = *judged.head - *judged.base;
    judged.relative.reset();
    if (*judged.base != 0) judged.relative = *judged.head / *judged.base - 1;
    judged.notes.clear();
    judged.reason.clear();
    judged.increase.reset();
    if (!base.single()) judged.notes.push_back(varies("base", base));
    if (!head.single()) judged.notes.push_back(varies("head", head));
    if (again.any()) {
        base.include(*again.least);
        base.include(*again.most);
        judged.notes.push_back(varies("base, with the control,", base));
    }
    judged.certain_one_in.reset();
    if (base.single() && !scheduled) judged.certain_one_in = requests_of(row.head_windows);
    const bool alike = base.single() && head.single() && *base.least == *head.least;  // also of other windows
    if (same_windows(row) || alike)
        judged.verdict = Verdict::same;
    else
        judged.verdict = scheduled ? verdict_of_scheduled(base, head, direction) : verdict_of_windows(base, head, direction);
    if (judged.verdict == Verdict::same) judged.notes.clear();
    if (judged.verdict != Verdict::unresolved) return;
    judged.reason = "the base is not the same for each request, and the head lies within what such windows may show";
    if (scheduled) judged.reason = "who else runs decides it, and the difference is no clear one";
    judged.increase = *head.most - *base.least;
}

bool clears(const ComparedRow& judged, double error) {
    const std::optional<Estimated> estimated = judged.effects->shift.at(error);
    const double threshold = threshold_of(judged);
    return estimated && estimated->interval.outside(-threshold, threshold);
}

void resolve(ComparedRow& judged, double error) {
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
    judged.verdict = verdict_of_interval(direction_of(judged), raw, threshold);
    if (judged.verdict != Verdict::unresolved) return;
    judged.reason = judged.effects->relative
                        ? fmt::format("the interval is neither beyond {:g} % nor within", judged.terms.threshold * 100)
                        : fmt::format("the interval is neither beyond {:.3g} nor within", threshold);
    judged.increase = judged.interval->high * (judged.relative ? *judged.base : 1);
}

ComparedRow judge(Row row, double threshold) {
    ComparedRow judged{std::move(row)};
    judged.exact = is_exact(judged);
    judged.terms.threshold = threshold;
    if (judged_by_presence(judged)) return judged;
    if (judged.exact)
        judge_exact(judged, {});
    else
        judge_pairs(judged);
    return judged;
}

// Of times marked windows are left out, and a note has their marks.
std::vector<std::string> notes_with_marks(const ComparedRow& judged) {
    std::vector<std::string> notes = judged.notes;
    const std::string marks = metric_of(judged.quantity.metric).is_time() ? "" : marks_text(judged);
    if (!marks.empty()) notes.push_back("marked: " + marks);
    return notes;
}

std::string figure_text(const std::optional<double>& figure) { return figure ? number_text(*figure) : "-"; }

std::string change_text(const ComparedRow& judged) {
    if (!judged.difference) return "-";
    if (!judged.interval && *judged.difference == 0) return "0";
    if (judged.exact) {
        const std::string absolute = (*judged.difference > 0 ? "+" : "") + number_text(*judged.difference);
        return judged.relative ? fmt::format("{} ({})", absolute, percent(*judged.relative)) : absolute;
    }
    if (!judged.interval) return judged.relative ? percent(*judged.relative) : number_text(*judged.difference);
    if (!judged.relative)
        return fmt::format("{:+.4g} [{:+.4g}, {:+.4g}]", *judged.difference, judged.interval->low, judged.interval->high);
    return fmt::format("{} [{}, {}]", percent(*judged.relative), percent(judged.interval->low), percent(judged.interval->high));
}

std::string verdict_text(const ComparedRow& judged) {
    std::string name(name_of(judged.verdict));
    return judged.verdict == Verdict::unresolved ? name + ": " + plain(judged.reason) : name;
}

std::string detectable_text(const ComparedRow& judged) {
    if (!judged.minimum_detectable) return "";
    return judged.relative ? fmt::format("{:.2g} %", *judged.minimum_detectable * 100)
                           : fmt::format("{:.2g}", *judged.minimum_detectable);
}

std::string finding_text(const ComparedRow& judged) {
    return fmt::format("{} -> {}, {}: {}", figure_text(judged.base), figure_text(judged.head), change_text(judged),
                       verdict_text(judged));
}

}  // namespace tare::compare
