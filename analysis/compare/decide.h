// SPDX-License-Identifier: Apache-2.0
// What a gate makes of judged rows: passed, allowed, crossed, or not to be told.
#pragma once

#include <string>
#include <vector>

#include "analysis/compare/comparison.h"

namespace tare::compare {

// Judges every row, in the light of the control where there is one, on the gate's terms, the level of measured ones corrected for
// their number (Bonferroni), and decides. Adds to `comparison` its rows, the number of gated times, and a warning for every
// allowance that allowed nothing.
void decide(Comparison& comparison, std::vector<Row> rows, const Gate& gate);

}  // namespace tare::compare
