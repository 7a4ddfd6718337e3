// SPDX-License-Identifier: Apache-2.0
// The verdict on one row. Counts in lockstep are held against each other exactly; whatever is measured under load (times,
// and counts that connections share) by the median of its paired repetitions' log ratios. Whether a verdict matters is the
// gate's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/compare/pairing.h"
#include "core/metric.h"

namespace tare::compare {

enum class Verdict : std::uint8_t {
    better,
    worse,
    same,
    changed,  // of a metric that has no better
    no_detectable_change,
    unstable,
    absent,
    only_in_base,
    only_in_head,
};
// "no detectable change", as texts have it.
std::string_view name_of(Verdict verdict);

// What a measured row is held to: a smaller effect is none (0.05: 5 %), and 1 less the level of the interval.
struct Terms {
    double threshold = 0;
    double error = 0.05;
};

struct Judged {
    Row row;
    bool exact = false;
    Verdict verdict = Verdict::absent;
    std::optional<double> base;                 // per request, or as it stands; of measured rows the median
    std::optional<double> head;                 // likewise
    std::optional<double> difference;           // head less base, in the metric's unit
    std::optional<double> relative;             // head over base, less 1; none when base is 0
    std::optional<Interval> interval;           // measured: of `relative`, or of `difference` where there is none
    std::optional<double> smallest_detectable;  // no detectable change: in the interval's unit
    std::size_t repetitions = 0;                // measured: pairs that were used
    Terms terms;
    std::string reason;               // absent or unstable: why
    bool absent_on_one_side = false;  // absent: the other side has it
    std::vector<std::string> notes;
};

// Whether a row's counts are exact: in lockstep, and no time.
bool is_exact(const Row& row);
// The direction of a row's metric; neither, for one that the table does not have.
Direction direction_of(const Row& row);
// Its unit; empty for a metric that the table does not have.
std::string_view unit_of(const Row& row);

// `terms` are for measured rows; exact ones have none.
Judged judge(Row row, const Terms& terms);

}  // namespace tare::compare
