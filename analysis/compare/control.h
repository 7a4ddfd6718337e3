// SPDX-License-Identifier: Apache-2.0
// The control of a comparison: the base measured once more, in the same job and in turn with the two that are compared. What
// differs there differs without a cause, and so nothing of that kind is believed of the head.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/compare/gate.h"
#include "analysis/compare/judge.h"

namespace tare::compare {

using RowKey = std::tuple<CellKey, std::string, Quantity>;

struct Control {
    std::string run;
    std::size_t times = 0;            // gated quantities under load that could be judged
    std::size_t unjudged_times = 0;   // and that could not: too few repetitions without marks
    std::vector<std::string> alarms;  // those that are better or worse, which none of them is
    std::set<RowKey> unlike;          // counts in lockstep that are not the same
    std::size_t gated_unlike_count = 0;
};

// Holds the control against the base, on the gate's terms.
Control control_of(const Run& base, const Run& control, const Gate& gate);

// Makes a verdict `unstable` that the control takes the ground from: any under load when the control alarmed, a count that the
// control has otherwise than the base.
void doubt(Judged& judged, const Control& control);

// "control (the base against itself): no alarm in 8 quantities under load".
std::string control_text(const Control& control);

}  // namespace tare::compare
