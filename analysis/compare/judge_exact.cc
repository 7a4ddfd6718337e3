// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/judge_exact.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace tare::compare {
namespace {

// Two counts that vary differ only when they lie further apart than this many times the wider one's spread, and than this
// part of the lower: windows of one run are nearer to each other than to another run's. Seen in runs of one server with values of
// 128 KiB: 196642.5 and 196635.6 bytes allocated for a request against 196605.4 and 196604.9.
constexpr double spreads_apart = 3;
constexpr double part_apart = 0.1;

// What depends on when the client looks, and on what else the machine runs, is not exact where it happens to be whole; and less
// than so many a request more or less is others' doing: one preemption in a window of 200 requests came and went in runs alike.
constexpr std::string_view scheduled_metric = "context_switches";
constexpr double scheduled_apart = 0.1;

bool same_windows(const Row& row) {
    return std::equal(row.base.begin(), row.base.end(), row.head.begin(), row.head.end(),
                      [&](const auto& left, const auto& right) {
                          return left.first == right.first &&
                                 figure_of(left.second, row.quantity.metric) == figure_of(right.second, row.quantity.metric);
                      });
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

}  // namespace

Extremes extremes_of(const Windows& windows, const std::string& metric) {
    Extremes extremes;
    for (const auto& [repetition, window] : windows) extremes.include(figure_of(window, metric));
    return extremes;
}

std::uint64_t requests_of(const Windows& windows) {
    std::uint64_t requests = 0;
    for (const auto& [repetition, window] : windows) requests += window.requests;
    return requests;
}

double figure_of_all(const Windows& windows, const std::string& metric) {
    if (is_absolute(metric)) return figure_of(windows.begin()->second, metric);
    double value = 0;
    for (const auto& [repetition, window] : windows) value += static_cast<double>(window.reading.value());
    return value / static_cast<double>(requests_of(windows));
}

Verdict verdict_of(Direction direction, bool more) {
    if (direction == Direction::neither) return Verdict::changed;
    return more ? Verdict::worse : Verdict::better;
}

void judge_exact(Judged& judged, const Extremes& again) {
    const Row& row = judged.row;
    const std::string& metric = row.quantity.metric;
    const Direction direction = direction_of(row);
    const bool scheduled = metric == scheduled_metric;
    Extremes base = extremes_of(row.base, metric);
    const Extremes head = extremes_of(row.head, metric);
    judged.base = figure_of_all(row.base, metric);
    judged.head = figure_of_all(row.head, metric);
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
    if (base.single() && !scheduled) judged.certain_one_in = requests_of(row.head);
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

}  // namespace tare::compare
