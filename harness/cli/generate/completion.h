// SPDX-License-Identifier: Apache-2.0
// Completion scripts of three shells, from the commands' own tables. Names that differ from build to build (variants, suites) the
// scripts ask of the program that is completed, `tare list`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tare::cli {

std::string bash_completion(const CLI::App& program);
std::string fish_completion(const CLI::App& program);
std::string zsh_completion(const CLI::App& program);

// The program and all that stands below it, each before what stands below it.
std::vector<const CLI::App*> all_commands(const CLI::App& program);

// "'it'\''s'": one word to a shell, whatever is in it.
std::string shell_quoted(const std::string& text);

}  // namespace tare::cli
