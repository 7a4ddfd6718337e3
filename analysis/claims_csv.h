// SPDX-License-Identifier: Apache-2.0
// claims.csv: every verdict as a row, for tools.
#pragma once

#include <string>

#include "analysis/findings.h"

namespace tare {

// Header and rows; results/README.md describes the columns.
std::string claims_csv(const Findings& findings);

}  // namespace tare
