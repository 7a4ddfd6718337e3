// SPDX-License-Identifier: Apache-2.0
// The verdict on one row. Counts in lockstep are held against each other exactly, window against window: one that is not the
// same for each request in both runs is told apart from a change. Whatever is measured under load (times, and counts that
// connections share) is held by the interval of its paired repetitions' effect, in three zones: the whole interval beyond the
// threshold, the whole interval within it (or on its better side), and what is neither. Whether a verdict matters is the gate's
// business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/pair.h"
#include "analysis/model/shift.h"
#include "core/metric.h"

namespace tare::compare {

enum class Verdict : std::uint8_t {
    worse,
    better,
    changed,     // of a metric that has no better
    same,        // a count: window by window; what is measured: the whole interval lies within the threshold
    not_worse,   // same or better, and which of them is not known
    unresolved,  // what was seen allows worse and not worse; `reason` says why
    absent,
    only_in_base,
    only_in_head,
};
// "not worse", as texts have it.
std::string_view name_of(Verdict verdict);

// What the gate makes of a row.
enum class Outcome : std::uint8_t {
    not_gated,
    passed,
    allowed,     // worse, and listed with a reason
    crossed,     // worse: exit code 1
    failed,      // it could not be judged, and the gate has such fail: exit code 1
    unmeasured,  // it could not be judged, and the gate refuses such: exit code 4
};
std::string_view name_of(Outcome outcome);

// What a measured row is held to: a smaller effect is none (0.05: 5 %), and 1 less the level of the interval.
struct TestParameters {
    double threshold = 0;
    double error = 0.05;
};

// What the pairs of a measured row say, before a level is known.
struct Effects {
    Shift shift;
    bool relative = false;  // of log ratios; else of differences, where a value is 0
};

struct ComparedRow : Row {
    bool exact = false;
    Verdict verdict = Verdict::absent;
    std::optional<double> base;        // per request, or as it stands; of all windows of a count, of measured rows the median
    std::optional<double> head;        // likewise
    std::optional<double> difference;  // head less base, in the metric's unit; measured: by the pairs' effect
    std::optional<double> relative;    // likewise, over base; none when base is 0
    std::optional<Interval> interval;  // measured: of `relative`, or of `difference` where there is none
    // Unresolved: the most that it may have got worse by, in the metric's unit. Worse by its steady parts: what those got worse
    // by.
    std::optional<double> increase;
    // Measured: the smallest change for the worse that is found in four comparisons of five (power 80 %), on these terms and with
    // this noise; in the interval's unit.
    std::optional<double> minimum_detectable;
    // An exact count of the base: what happens at one request in so many or oftener is surely in one of the head's windows.
    std::optional<std::uint64_t> certain_one_in;
    std::size_t repetitions = 0;  // measured: pairs that were used
    std::optional<Effects> effects;
    TestParameters terms;
    std::string reason;               // absent or unresolved: why
    bool absent_on_one_side = false;  // absent: the other side has it
    std::vector<std::string> notes;
    Outcome outcome = Outcome::not_gated;  // filled in by the gate
    std::string allowance;                 // allowed: the reason
};

// Whether a row's counts are exact: in lockstep, and no time.
bool is_exact(const Row& row);
// The direction of a row's metric.
Direction direction_of(const Row& row);
// Its unit.
std::string_view unit_of(const Row& row);

// The verdict, but of a measured row with `effects`: that one is resolve()'s, when the level is known.
ComparedRow judge(Row row, double threshold);
// The verdict and the figures of a count in lockstep that is present on both sides. `again` is what else windows of the base
// showed: those of a second run of it.
void judge_exact(ComparedRow& judged, const Extremes& again);
// Whether a measured row's interval at this level lies beyond the threshold, on either side.
bool clears(const ComparedRow& judged, double error);
// The verdict of a measured row with `effects` at this level.
void resolve(ComparedRow& judged, double error);

// The row's notes, and its marks where no note has left the marked windows out and says so.
std::vector<std::string> notes_with_marks(const ComparedRow& judged);

// "-" where there is none.
std::string figure_text(const std::optional<double>& figure);
// "+1 (+33.3 %)"; with the interval of a measured row, also where its medians are equal: "+4.1 % [+3.2 %, +5.0 %]".
std::string change_text(const ComparedRow& judged);
// "worse"; where nothing is known, with the reason: "unresolved: 3 pairs of repetitions; an interval of 95 % needs 6".
std::string verdict_text(const ComparedRow& judged);
// "3 -> 4, +1 (+33.3 %): worse".
std::string finding_text(const ComparedRow& judged);
// The smallest change that is found with a power of 80 %: "4.9 %", or in the metric's unit; empty without an interval.
std::string detectable_text(const ComparedRow& judged);

}  // namespace tare::compare
