// SPDX-License-Identifier: Apache-2.0
// The verdict on what is measured under load: the effect of the paired repetitions, by their log ratios, with its interval.
// Repetition r is one pass over all cells, so that repetitions of one number are the pair. Three zones: the whole interval beyond
// the threshold, the whole interval within it (or on its better side), and what is neither.
#pragma once

#include "analysis/compare/judge.h"

namespace tare::compare {

// Fills in the figures and the effects of a row that is present on both sides; unresolved at once where no pair is left.
void pair_windows(Judged& judged);

}  // namespace tare::compare
