// SPDX-License-Identifier: Apache-2.0
// The commands of `tare`: each declares its options and does its work in a file of its own. The one place that knows
// both the harness and the analysis.
#pragma once

#include "harness/cli/command.h"

namespace tare::cli {

// Each adds a subcommand to `app`; its callback throws tare::Error.
void add_ab(CLI::App& app);
void add_attach(CLI::App& app);
void add_calibrate(CLI::App& app);
void add_check(CLI::App& app);
void add_compare(CLI::App& app);
void add_contrast(CLI::App& app);
void add_doctor(CLI::App& app);
void add_generate(CLI::App& app);
void add_help(CLI::App& app);
void add_list(CLI::App& app);
void add_load(CLI::App& app);
void add_report(CLI::App& app);
void add_run(CLI::App& app);
void add_serve(CLI::App& app);
void add_stat(CLI::App& app);

}  // namespace tare::cli
