// SPDX-License-Identifier: Apache-2.0
// A suite's tables [command.NAME]: programs that are run from their start to their end, counted and timed.
#pragma once

#include <string>

#include "core/config_table.h"
#include "harness/bench/suite.h"

namespace tare {

// Adds the command under that name, and its two cells: one that is counted, one that is timed. Throws usage_error for a name that
// is none, or is taken.
void add_command(Suite& suite, const std::string& name, const CommandSubject& command);

// Adds those of the table `command`. Throws usage_error with the line and what is allowed.
void add_commands(Suite& suite, const ConfigTable& commands);

}  // namespace tare
