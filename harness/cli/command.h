// SPDX-License-Identifier: Apache-2.0
// A command of `tare` as CLI11 has it, with what help and manual pages say of it beside its options.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace tare::cli {

struct Example {
    std::string command;
    std::string what;  // it does; a few words
};

struct CommandText {
    std::string summary;  // one line, without a full stop
    std::string details;  // sentences of the manual page
    std::vector<Example> examples;
};

// The program's own command, of which all others are subcommands.
std::unique_ptr<CLI::App> make_program(const std::string& name, const CommandText& text);

// A subcommand of `parent`. One source makes all of them: whatever makes a CLI::App compiles all of CLI11.
CLI::App* add_command(CLI::App& parent, const std::string& name, const CommandText& text);
// One whose name and summary say it all.
CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary);

// Of a command that one of these made.
const CommandText& text_of(const CLI::App& command);

// "tare list cases"
std::string full_name(const CLI::App& command);

// What `tare COMMAND --help` prints.
std::string help_of(const CLI::App& command);

// The subcommands that help lists, in its order.
std::vector<const CLI::App*> shown_commands(const CLI::App& parent);

// The subcommand of this name; nullptr when there is none.
CLI::App* command_named(CLI::App& parent, const std::string& name);

// "'laod' is no command; did you mean 'load'? There are: …"
std::string no_command(const CLI::App& parent, const std::string& name);

}  // namespace tare::cli
