// SPDX-License-Identifier: Apache-2.0
// The control of a comparison: the base measured once more, in the same job and in turn with the two that are compared. What
// differs there differs without a cause, and so nothing of that kind is believed of the head.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/compare/gate.h"
#include "analysis/compare/judge.h"
#include "analysis/model/extremes.h"

namespace tare::compare {

using RowKey = std::tuple<CellKey, std::string, Quantity>;

struct Control {
    std::string run;
    std::size_t times = 0;              // gated quantities under load that could be judged
    std::size_t unjudged_times = 0;     // and that could not: too few repetitions without marks
    std::vector<std::string> alarms;    // those that are better or worse, which none of them is
    std::map<RowKey, Extremes> unlike;  // counts in lockstep that are not the same, and the control's figures
    std::size_t gated_unlike_count = 0;
};

// Holds the control against the base, on the gate's terms: pair_rows() of base and control.
Control control_of(const std::string& run, std::vector<Row> base_and_control, const Gate& gate);

// Takes from a verdict the ground that the control takes from it: any under load is `unresolved` when the control alarmed; a
// count that the control has otherwise than the base is judged anew, beside a base that may do either.
void doubt(Judged& judged, const Control& control);

// "control (the base against itself): no alarm in 8 quantities under load".
std::string control_text(const Control& control);

}  // namespace tare::compare
