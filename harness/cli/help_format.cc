// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/help_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/command.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

constexpr std::size_t line_width = 100;
constexpr std::size_t column = 34;  // where descriptions begin

// Whole words, each line but the first behind `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent) {
    std::string lines;
    std::size_t width = indent;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (width > indent && width + 1 + end - begin > line_width) {
            lines += "\n" + std::string(indent, ' ');
            width = indent;
        } else if (width > indent) {
            lines += ' ';
            ++width;
        }
        lines.append(text, begin, end - begin);
        width += end - begin;
        begin = end + 1;
    }
    return lines;
}

// One that leaves no room for its description has it on the next line.
std::string entry(const std::string& head, const std::string& description) {
    std::string text = "  " + head;
    text += text.size() + 2 > column ? "\n" + std::string(column, ' ') : std::string(column - text.size(), ' ');
    return text + wrapped(description, column) + "\n";
}

std::string usage(const CLI::App& command, const std::string& name) {
    std::string text = "Usage: " + name + " [OPTIONS]";
    for (const OptionRow& argument : arguments_of(command))
        text += (argument.value == value::command ? " [--] " : " ") + usage_of_argument(argument);
    if (!shown_commands(command).empty()) text += " COMMAND";
    return text + "\n";
}

std::string examples(const CLI::App& command) {
    const std::vector<Example>& all = text_of(command).examples;
    if (all.empty()) return "";
    std::string text = "\nExamples:\n";
    for (const Example& example : all) text += fmt::format("  {}\n      {}\n", example.command, wrapped(example.what, 6));
    return text;
}

std::string option_lines(const std::vector<OptionRow>& options, bool common) {
    std::string text;
    for (const OptionRow& option : options) {
        if (option.is_common == common) text += entry(usage_of(option), description_of(option));
    }
    return text;
}

std::string titled(const char* title, const std::string& lines) {
    return lines.empty() ? "" : fmt::format("\n{}:\n{}", title, lines);
}

}  // namespace

std::string HelpFormat::make_help(const CLI::App* command, std::string name, CLI::AppFormatMode /*mode*/) const {
    const CommandText& words = text_of(*command);
    std::string arguments;
    for (const OptionRow& argument : arguments_of(*command)) arguments += entry(argument.name(), description_of(argument));
    std::string commands;
    for (const CLI::App* const each : shown_commands(*command)) commands += entry(each->get_name(), text_of(*each).summary);
    const std::vector<OptionRow> options = options_of(*command);
    const std::string footer = command->get_footer();
    return fmt::format("{}\n\n{}{}{}{}{}{}{}", wrapped(words.summary, 0), usage(*command, name), examples(*command),
                       titled("Commands", commands), titled("Arguments", arguments),
                       titled("Options", option_lines(options, false)), titled("Common options", option_lines(options, true)),
                       footer.empty() ? "" : "\n" + footer + "\n");
}

}  // namespace tare::cli
