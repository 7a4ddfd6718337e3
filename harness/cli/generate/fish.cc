// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/command.h"
#include "harness/cli/generate/completion.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

constexpr const char* machinery = R"sh(
# The first words of the lines of `tare list KIND`, with the rest as their description.
function __tare_list
    set -l program (commandline -opc)[1]
    command $program list $argv[1] 2>/dev/null | string replace -r ' +' \t
end

# Whether the words before the cursor name this command, and none below it.
function __tare_at
    set -l path tare
    for word in (commandline -opc)[2..-1]
        if test "$word" = --
            break
        end
        contains -- $word (__tare_commands "$path")
        and set path "$path $word"
    end
    test "$path" = "$argv[1]"
end
)sh";

// Of a fish string in single quotes only the backslash and the quote are special.
std::string quoted(const std::string& text) {
    std::string safe = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\') safe += '\\';
        safe += letter;
    }
    return safe + "'";
}

// What an option or argument of this kind completes to: -x for no files, -r for a value with files.
std::string values(const OptionRow& row) {
    if (!row.choices.empty()) return " -x -a " + quoted(fmt::format("{}", fmt::join(row.choices, " ")));
    if (row.value == value::variant) return " -x -a '(__tare_list servers)'";
    if (row.value == value::suite) return " -r -F -a '(__tare_list suites)'";
    if (row.value == value::file) return " -r -F";
    if (row.value == value::folder || row.value == value::run) return " -x -a '(__fish_complete_directories)'";
    if (row.value == value::help_topic) return " -x -a '(__tare_commands tare)'";
    return " -x";
}

std::string condition(const CLI::App& command) { return quoted(fmt::format("__tare_at \"{}\"", full_name(command))); }

// Whose next word is no command.
std::vector<std::string> options_with_value(const CLI::App& command) {
    std::vector<std::string> names;
    for (const OptionRow& option : options_of(command)) {
        if (!option.is_flag() && !option.value_is_optional) names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return names;
}

std::string option_line(const CLI::App& command, const OptionRow& option) {
    std::string line = "complete -c tare -n " + condition(command);
    for (const std::string& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.is_flag() && !option.value_is_optional) line += values(option);
    return line + " -d " + quoted(option.description) + "\n";
}

std::string argument_line(const CLI::App& command, const OptionRow& argument) {
    const std::string begin = "complete -c tare -n " + condition(command);
    if (argument.value == value::command)
        return begin + fmt::format(" -x -a '(__fish_complete_subcommand --fcs-skip=2 {})'\n",
                                   fmt::join(options_with_value(command), " "));
    const std::string all = values(argument);
    return all == " -x" ? "" : begin + (all == " -r -F" ? " -F" : all) + "\n";
}

std::string lines_of(const CLI::App& command) {
    std::string lines = fmt::format("\n# {}\n", full_name(command));
    for (const CLI::App* const each : shown_commands(command))
        lines += fmt::format("complete -c tare -n {} -a {} -d {}\n", condition(command), each->get_name(),
                             quoted(text_of(*each).summary));
    for (const OptionRow& option : options_of(command)) lines += option_line(command, option);
    for (const OptionRow& argument : arguments_of(command)) lines += argument_line(command, argument);
    return lines;
}

std::string commands_function(const CLI::App& program) {
    std::string text = "\n# The commands below a command.\nfunction __tare_commands\n    switch $argv[1]\n";
    for (const CLI::App* const each : all_commands(program)) {
        std::vector<std::string> names;
        for (const CLI::App* const below : shown_commands(*each)) names.push_back(below->get_name());
        if (!names.empty())
            text +=
                fmt::format("        case {}\n            printf '%s\\n' {}\n", quoted(full_name(*each)), fmt::join(names, " "));
    }
    return text + "    end\nend\n";
}

}  // namespace

std::string fish_completion(const CLI::App& program) {
    std::string text = "# fish completion of tare, written by `tare generate completion fish`.\n" + commands_function(program) +
                       machinery + "\n# Files only where they are asked for.\ncomplete -c tare -f\n";
    for (const CLI::App* const each : all_commands(program)) text += lines_of(*each);
    return text;
}

}  // namespace tare::cli
