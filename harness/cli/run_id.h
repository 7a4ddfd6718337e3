// SPDX-License-Identifier: Apache-2.0
// The column `run` of rows that come from a command and not from a run's folder.
#pragma once

#include <string>

namespace tare::cli {

// "stat-20260108T101530Z": the command and the UTC time.
std::string new_run_id(const std::string& command);

}  // namespace tare::cli
