// SPDX-License-Identifier: Apache-2.0
// Manual pages in mdoc(7), from the commands' own tables: one of the program, one of each command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tare::cli {

struct ManPage {
    std::string file;  // "tare-load.1"
    std::string text;
};

// `date`: as .Dd has it, "January 8, 2026".
std::vector<ManPage> man_pages(const CLI::App& program, const std::string& date);

}  // namespace tare::cli
