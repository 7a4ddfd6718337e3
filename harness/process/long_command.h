// SPDX-License-Identifier: Apache-2.0
// A command of minutes, like a build: its output is kept only as its last lines, and an interrupt ends all that it started.
#pragma once

#include <string>
#include <vector>

namespace tare {

// Runs a command in `folder`, without a shell, to its end. Throws run_failed with its last lines when it fails, and when the
// run is interrupted (harness/interrupt.h).
void run_long_command(const std::vector<std::string>& words, const std::string& folder);

}  // namespace tare
