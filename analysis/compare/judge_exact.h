// SPDX-License-Identifier: Apache-2.0
// The verdict on a count in lockstep: window against window, without a statistic. A count that is no multiple of the requests
// in one of the runs is told apart from a change.
#pragma once

#include "analysis/compare/judge.h"

namespace tare::compare {

// Fills in the verdict and the figures of a row that is present on both sides.
void judge_exact(Judged& judged);

// Better, worse or changed, by the direction of the metric.
Verdict verdict_of(Direction direction, bool more);

}  // namespace tare::compare
