// SPDX-License-Identifier: Apache-2.0
// The cells and contrasts of a suite as `tare list cases` and `tare run --dry-run` print them, and the time that they are known
// to take.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "harness/bench/suite.h"

namespace tare::cli {

// One a line: the name that --only is matched against, and how it is measured.
std::string cases_as_text(const Suite& suite);
nlohmann::json cases_as_json(const Suite& suite);

// "12 cells, 1 contrast, 40 steps; windows and warm-ups of load take 1m, …": only what is known before anything ran.
std::string planned_text(const Suite& suite);

}  // namespace tare::cli
