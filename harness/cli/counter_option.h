// SPDX-License-Identifier: Apache-2.0
// The option of the commands that count functions which the user names.
#pragma once

#include <CLI/CLI.hpp>
#include <vector>

#include "probes/counters/user_counter.h"

namespace tare::cli {

// `counters` must outlive the parsing.
CLI::Option* add_counter_option(CLI::App& command, std::vector<UserCounter>& counters);

}  // namespace tare::cli
