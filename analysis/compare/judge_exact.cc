// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/judge_exact.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "analysis/extremes.h"

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

Extremes extremes_of(const Windows& windows, const std::string& metric) {
    Extremes extremes;
    for (const auto& [repetition, window] : windows) extremes.include(figure_of(window, metric));
    return extremes;
}

bool same_windows(const Row& row) {
    return std::equal(row.base.begin(), row.base.end(), row.head.begin(), row.head.end(),
                      [&](const auto& left, const auto& right) {
                          return left.first == right.first &&
                                 figure_of(left.second, row.quantity.metric) == figure_of(right.second, row.quantity.metric);
                      });
}

double spread(const Extremes& extremes) { return *extremes.most - *extremes.least; }

// Whether `high` lies above `low` beyond what their own spread explains. A count that was exact, and in every window of the
// other run is not, changed.
bool apart(const Extremes& low, const Extremes& high, bool scheduled) {
    const double gap = *high.least - *low.most;
    if (scheduled && gap <= scheduled_apart) return false;
    if (!scheduled && (low.single() || high.single())) return gap > 0;
    return gap > spreads_apart * std::max(spread(low), spread(high)) && gap > part_apart * *low.most;
}

std::string varies(const char* side, const Extremes& extremes) {
    return fmt::format("{} varies between its windows: {:.6g} to {:.6g}", side, *extremes.least, *extremes.most);
}

}  // namespace

Verdict verdict_of(Direction direction, bool more) {
    if (direction == Direction::neither) return Verdict::changed;
    return more == (direction == Direction::smaller_is_better) ? Verdict::worse : Verdict::better;
}

void judge_exact(Judged& judged) {
    const Row& row = judged.row;
    const Extremes base = extremes_of(row.base, row.quantity.metric);
    const Extremes head = extremes_of(row.head, row.quantity.metric);
    judged.base = figure_of(row.base.begin()->second, row.quantity.metric);
    judged.head = figure_of(row.head.begin()->second, row.quantity.metric);
    judged.difference = *judged.head - *judged.base;
    if (*judged.base != 0) judged.relative = *judged.head / *judged.base - 1;
    if (same_windows(row)) {
        judged.verdict = Verdict::same;
        return;
    }
    const bool both_exact = base.single() && head.single();
    const bool scheduled = row.quantity.metric == scheduled_metric;
    if (!base.single()) judged.notes.push_back(varies("base", base));
    if (!head.single()) judged.notes.push_back(varies("head", head));
    if (both_exact && *base.least == *head.least)
        judged.verdict = Verdict::same;  // the same count per request, of other windows
    else if (apart(base, head, scheduled))
        judged.verdict = verdict_of(direction_of(row), true);
    else if (apart(head, base, scheduled))
        judged.verdict = verdict_of(direction_of(row), false);
    else
        judged.verdict = Verdict::unstable;
    if (judged.verdict == Verdict::unstable) judged.reason = "no multiple of the requests, and no clear difference";
}

}  // namespace tare::compare
