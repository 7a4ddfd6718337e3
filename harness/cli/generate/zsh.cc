// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/cli/command.h"
#include "harness/cli/generate/completion.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

constexpr const char* begin = R"sh(#compdef tare
# zsh completion of tare, written by `tare generate completion zsh`.

# The first words of the lines of `tare list KIND`.
_tare_list() {
    local -a names
    names=(${${(f)"$(_call_program $1 ${(q)_tare_program} list $1 2>/dev/null)"}%% *})
    compadd -a names
}
_tare_variants() { _tare_list servers }
_tare_suites() { _tare_list suites; _files -g '*.toml' }
)sh";

std::string function_name(const CLI::App& command) {
    std::string name = "_" + full_name(command);
    std::replace(name.begin(), name.end(), ' ', '_');
    return name + "_command";
}

// Brackets end a description, colons the name of a value.
std::string in_brackets(const std::string& text) {
    std::string safe;
    for (const char letter : text) {
        if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') safe += '\\';
        safe += letter;
    }
    return safe;
}

// What completes a value; a blank for one that nobody can know.
std::string action(const OptionRow& row) {
    if (!row.choices.empty()) return fmt::format("({})", fmt::join(row.choices, " "));
    if (row.value == value::variant) return "_tare_variants";
    if (row.value == value::suite) return "_tare_suites";
    if (row.value == value::file) return "_files";
    if (row.value == value::folder || row.value == value::run) return "_files -/";
    if (row.value == value::help_topic) return "_tare_verbs";
    return " ";
}

std::string option_spec(const OptionRow& option) {
    std::string value;
    // An option with a value may have it as the rest of a short name, the next word, or behind an equals sign.
    if (!option.is_flag() && !option.value_is_optional)
        value = fmt::format(":{}:{}", in_brackets(option.choices.empty() ? option.value : "value"), action(option));
    const std::string description = "[" + in_brackets(option.description) + "]";
    const std::string alone = option.repeats ? "*" : fmt::format("({})", fmt::join(option.names, " "));
    std::string specs;
    for (const std::string& name : option.names) {
        const bool is_long = name.starts_with("--");
        const char* const mark = value.empty() ? "" : is_long ? "=" : "+";
        specs += fmt::format(" \\\n        {}", shell_quoted(fmt::format("{}{}{}{}{}", alone, name, mark, description, value)));
    }
    return specs;
}

std::string argument_spec(const OptionRow& argument) {
    if (argument.value == value::command) return fmt::format(" \\\n        {}", shell_quoted("(-)*::command:_normal"));
    return fmt::format(" \\\n        {}",
                       shell_quoted(fmt::format("{}:{}:{}", argument.repeats ? "*" : "", argument.name(), action(argument))));
}

std::string commands_function(const CLI::App& command) {
    std::string rows;
    for (const CLI::App* const each : shown_commands(command))
        rows += fmt::format("        {}\n", shell_quoted(each->get_name() + ":" + in_brackets(text_of(*each).summary)));
    return fmt::format("    local -a commands=(\n{}    )\n    _describe -t commands command commands\n", rows);
}

// A command with others below it: the first word is one of them, and the rest is that one's.
std::string parent_function(const CLI::App& command, const std::string& options) {
    std::string cases;
    for (const CLI::App* const each : shown_commands(command))
        cases += fmt::format("                {}) {} ;;\n", each->get_name(), function_name(*each));
    const std::string names = command.get_parent() == nullptr ? "_tare_verbs" : function_name(command) + "_names";
    return fmt::format("\n{}() {{\n{}}}\n", names, commands_function(command)) +
           fmt::format(
               "\n{}() {{\n    local curcontext=$curcontext state line\n    typeset -A opt_args\n"
               "    _arguments -C -s{} \\\n        '1: :{}' \\\n        '*:: :->rest' && return\n"
               "    case $state in\n        rest)\n            curcontext=${{curcontext%:*:*}}:{}-$line[1]:\n"
               "            case $line[1] in\n{}            esac ;;\n    esac\n}}\n",
               function_name(command), options, names, command.get_name(), cases);
}

// Behind the mark, and from the command on, all words are the user's command.
constexpr const char* command_behind_mark = R"sh(
    local -i mark=${words[(i)--]}
    if (( mark < CURRENT )); then
        shift mark words
        (( CURRENT -= mark ))
        _normal
        return
    fi)sh";

std::string function(const CLI::App& command) {
    std::string specs;
    for (const OptionRow& option : options_of(command)) specs += option_spec(option);
    if (!shown_commands(command).empty()) return parent_function(command, specs);
    const char* before = "";
    for (const OptionRow& argument : arguments_of(command)) {
        specs += argument_spec(argument);
        if (argument.value == value::command) before = command_behind_mark;
    }
    return fmt::format("\n{}() {{{}\n    _arguments -s{}\n}}\n", function_name(command), before, specs);
}

}  // namespace

std::string zsh_completion(const CLI::App& program) {
    std::string text = begin;
    for (const CLI::App* const each : all_commands(program)) text += function(*each);
    return text + fmt::format("\n_tare() {{\n    local _tare_program=${{(Q)words[1]}}\n    {}\n}}\n\n_tare \"$@\"\n",
                              function_name(program));
}

}  // namespace tare::cli
