// SPDX-License-Identifier: Apache-2.0
// The verdict on one row. Counts in lockstep are held against each other exactly; whatever is measured under load (times,
// and counts that connections share) by the interval of its paired repetitions' effect. Whether a verdict matters is the
// gate's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/pairing.h"
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

struct Judged {
    Row row;
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
};

// Whether a row's counts are exact: in lockstep, and no time.
bool is_exact(const Row& row);
// The direction of a row's metric; neither, for one that the table does not have.
Direction direction_of(const Row& row);
// Its unit; empty for a metric that the table does not have.
std::string_view unit_of(const Row& row);

// The verdict, but of a measured row with `effects`: that one is resolve()'s, when the level is known.
Judged judge(Row row, double threshold);
// Whether a measured row's interval at this level lies beyond the threshold, on either side.
bool clears(const Judged& judged, double error);
// The verdict of a measured row with `effects` at this level.
void resolve(Judged& judged, double error);

}  // namespace tare::compare
