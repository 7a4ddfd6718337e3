// SPDX-License-Identifier: Apache-2.0
// --counters auto|bpf|unprivileged: who counts.
#pragma once

#include <CLI/CLI.hpp>

#include "harness/trace/counted_command.h"

namespace tare::cli {

void add_counters_option(CLI::App& command, CountedBy& by);

}  // namespace tare::cli
