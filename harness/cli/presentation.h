// SPDX-License-Identifier: Apache-2.0
// How much every command says, and whether in colour: --color, --quiet and --verbose, before or after the command's name.
#pragma once

#include <CLI/CLI.hpp>

namespace tare::cli {

inline constexpr const char* common_options = "Common options";  // the group that they are of

void add_presentation_options(CLI::App& command);

// Whether text on stdout is to be coloured: as --color says, and by itself on a terminal, unless NO_COLOR is set and not empty.
bool colour_wanted();

}  // namespace tare::cli
