// SPDX-License-Identifier: Apache-2.0
// What a gate makes of judged rows: passed, allowed, crossed, or not to be told.
#pragma once

#include <string>
#include <vector>

#include "analysis/compare/comparison.h"

namespace tare::compare {

// Judges every row, in the light of the control where there is one, on the gate's terms, and decides. The levels of measured rows
// are corrected for their number by Holm's steps: of those that the gate judges, and of all others, apart, so that what is only
// shown takes no power from what is gated. Adds to `comparison` its rows, the numbers of measured ones, and a warning for
// every allowance that allowed nothing. Needs no folder: rows may be made up or resampled and judged in a loop.
void decide(Comparison& comparison, std::vector<Row> rows, const Gate& gate);

}  // namespace tare::compare
