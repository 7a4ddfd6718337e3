// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/judge.h"
#include "analysis/model/idle_activity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/compare/judge_exact.h"
#include "analysis/compare/judge_measured.h"
#include "core/median.h"

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
std::optional<double> lone_figure(const Windows& windows, const Judged& judged) {
    if (windows.empty() || is_absent(windows, judged.exact)) return std::nullopt;
    if (judged.exact) return figure_of_all(windows, judged.row.quantity.metric);
    std::vector<double> figures;
    for (const auto& [repetition, window] : windows) {
        if (window.reading.present()) figures.push_back(figure_of(window, judged.row.quantity.metric));
    }
    return median(std::move(figures));
}

// True when the row has no two sides to compare, and is judged.
bool judged_by_presence(Judged& judged) {
    const Row& row = judged.row;
    judged.base = lone_figure(row.base, judged);
    judged.head = lone_figure(row.head, judged);
    if (row.base.empty() || row.head.empty()) {
        judged.verdict = row.base.empty() ? Verdict::only_in_head : Verdict::only_in_base;
        return true;
    }
    const bool base_absent = is_absent(row.base, judged.exact);
    const bool head_absent = is_absent(row.head, judged.exact);
    if (!base_absent && !head_absent) return false;
    judged.verdict = Verdict::absent;
    judged.absent_on_one_side = base_absent != head_absent;
    const std::string& base = first_absence(row.base);
    const std::string& head = first_absence(row.head);
    if (base_absent && head_absent)
        judged.reason = base == head ? "both: " + base : fmt::format("base: {}; head: {}", base, head);
    else
        judged.reason = base_absent ? "base: " + base : "head: " + head;
    return true;
}

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

// What an external server does by itself is no exact count, lockstep or not.
bool is_exact(const Row& row) {
    return row.cell.mode == "lockstep" && !is_idle_activity(row.cell) && !row.quantity.metric.ends_with("_ns");
}

Direction direction_of(const Row& row) {
    const Metric* const metric = metric_named(row.quantity.metric);
    return metric == nullptr ? Direction::neither : metric->direction;
}

std::string_view unit_of(const Row& row) {
    const Metric* const metric = metric_named(row.quantity.metric);
    return metric == nullptr ? "" : metric->unit;
}

Judged judge(Row row, double threshold) {
    Judged judged;
    judged.exact = is_exact(row);
    judged.row = std::move(row);
    judged.terms.threshold = threshold;
    if (judged_by_presence(judged)) return judged;
    if (judged.exact)
        judge_exact(judged, {});
    else
        pair_windows(judged);
    return judged;
}

}  // namespace tare::compare
