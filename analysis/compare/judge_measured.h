// SPDX-License-Identifier: Apache-2.0
// The verdict on what is measured under load: the median of the paired repetitions' log ratios with its interval. Repetition
// r is one pass over all cells, so that repetitions of one number are the pair.
#pragma once

#include "analysis/compare/judge.h"

namespace tare::compare {

// Fills in the verdict and the figures of a row that is present on both sides. Better or worse only when the interval
// excludes no change and the effect is beyond the terms' threshold.
void judge_measured(Judged& judged);

}  // namespace tare::compare
