// SPDX-License-Identifier: Apache-2.0
// Every claim with its verdict, as a report has them.
#pragma once

#include <vector>

#include "analysis/claims/check.h"
#include "analysis/report/document.h"

namespace tare {

document::Cell verdict_cell(Verdict verdict);

// A row a judgement, in their order, and below it what is judged on a basis of its own.
document::Blocks claims_blocks(const ClaimsFile& file, const std::vector<Judgement>& judgements);

// The claims that the suite of a run named: what they come to, and in the check's order the first of them; all in the details
// where there are more.
document::Section claims_section(const Check& check);

}  // namespace tare
