// SPDX-License-Identifier: Apache-2.0
// The program `tare` with all its commands: the table that is parsed, and from which help, manual pages and completions are
// written.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace tare::cli {

std::unique_ptr<CLI::App> program();

}  // namespace tare::cli
