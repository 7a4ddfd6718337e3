// SPDX-License-Identifier: Apache-2.0
// The text of `--help`: summary, usage, examples, arguments, options, commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tare::cli {

class HelpFormat : public CLI::FormatterBase {
public:
    // `name`: the whole, "tare list cases".
    std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace tare::cli
