// SPDX-License-Identifier: Apache-2.0
// A total that varies hides what its parts show: where one part comes and goes in the base, the others may still be the same for
// each request, and then what they do more is no noise.
#pragma once

#include <vector>

#include "analysis/compare/control.h"
#include "analysis/compare/judge.h"

namespace tare::compare {

// Makes an unresolved count worse when that of its parts that do not vary in the base, and in the control where there is one, is
// worse in sum, and no varying part got better. Notes which parts were set aside. `parts` are by the total's own source.
void judge_steady_parts(Judged& total, const std::vector<const Judged*>& parts, const std::optional<Control>& control);

}  // namespace tare::compare
