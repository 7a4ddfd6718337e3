// SPDX-License-Identifier: Apache-2.0
// The words of a command line, parsed; what is wrong with them in words that name it, say what was meant, and where to read on.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tare::cli {

// Parses the words (without the program's) and runs the command that they name. Returns what --help and --version print; empty
// for all others. Throws usage_error, and whatever the command throws.
std::string parse_and_run(CLI::App& program, std::vector<std::string> words);

// `tare stat ls -la`: the words with `--` before the command, where one was left out and all that follows can only be the
// command's own. Throws usage_error when an option after it may be either's.
std::vector<std::string> with_command_marked(CLI::App& program, std::vector<std::string> words);

}  // namespace tare::cli
