// SPDX-License-Identifier: Apache-2.0
// Which failures of a case a run goes on after: the case is absent then, and why.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "harness/bench/cell.h"

namespace tare {

// What an external server does wrong concerns its case alone. A reference server that fails is tare's own mistake, and an
// interrupt is for the run.
bool is_failure_of_case(const Error& error, const Cell& cell);

// Whether the run can go on: as above, or where this machine cannot measure it.
inline bool is_tolerated(const Error& error, const Cell& cell) {
    return error.code() == ExitCode::cannot_measure || is_failure_of_case(error, cell);
}

// A text of several lines as one: "first / second".
std::string one_line(std::string_view text);

}  // namespace tare
