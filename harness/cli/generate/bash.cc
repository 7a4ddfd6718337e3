// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/command.h"
#include "harness/cli/generate/completion.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

// What does not depend on the commands: where on the line the cursor is, and what each kind of value completes to.
constexpr const char* machinery = R"sh(
# The first words of the lines of `tare list KIND`.
_tare_list() {
    "$1" list "$2" 2>/dev/null | cut -d ' ' -f 1
}

# The values of a kind that begin with the word; $3 is the program.
_tare_values() {
    case $1 in
        *'|'*) compgen -W "${1//|/ }" -- "$2" ;;
        VARIANT) compgen -W "$(_tare_list "$3" servers)" -- "$2" ;;
        SUITE) compgen -W "$(_tare_list "$3" suites)" -- "$2"; compgen -f -X '!*.toml' -- "$2"; compgen -d -- "$2" ;;
        VERB) compgen -W "$(_tare_commands tare)" -- "$2" ;;
        FILE) compgen -f -- "$2" ;;
        DIR | RUN) compgen -d -- "$2" ;;
        COMMAND) compgen -c -- "$2" ;;
    esac
}

_tare() {
    local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} path=tare arguments=0 option='' marked='' index word kind
    program=${program/#\~/$HOME}
    [[ $current == = ]] && current=''
    for ((index = 1; index < COMP_CWORD; ++index)); do
        word=${COMP_WORDS[index]}
        if [[ $word == = ]]; then
            continue
        elif [[ -n $option ]]; then
            option=''
        elif [[ -z $marked && $word == -- ]]; then
            marked=1
        elif [[ -z $marked && $word == -* ]]; then
            [[ -n $(_tare_kind "$path" "$word") ]] && option=$word
        elif [[ " $(_tare_commands "$path" | tr '\n' ' ') " == *" $word "* ]]; then
            path="$path $word"
        else
            ((++arguments))
            # All that follows is the command's own.
            [[ $(_tare_argument "$path" "$arguments") == COMMAND ]] && marked=1
        fi
    done
    if [[ -n $option ]]; then
        mapfile -t COMPREPLY < <(_tare_values "$(_tare_kind "$path" "$option")" "$current" "$program")
        return
    fi
    if [[ -z $marked && $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_tare_options "$path")" -- "$current")
        return
    fi
    kind=$(_tare_argument "$path" "$((arguments + 1))")
    [[ $kind == COMMAND && $arguments -gt 0 ]] && kind=FILE
    mapfile -t COMPREPLY < <(compgen -W "$(_tare_commands "$path")" -- "$current"; _tare_values "$kind" "$current" "$program")
}
complete -o filenames -o nosort -F _tare tare
)sh";

std::string row(const CLI::App& command, const std::vector<std::string>& words) {
    if (words.empty()) return "";
    return fmt::format("        '{}') printf '%s\\n' {} ;;\n", full_name(command), fmt::join(words, " "));
}

std::string names_of_options(const CLI::App& command) {
    std::vector<std::string> names;
    for (const OptionRow& option : options_of(command)) names.insert(names.end(), option.names.begin(), option.names.end());
    return row(command, names);
}

std::string names_of_commands(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::App* const each : shown_commands(command)) names.push_back(each->get_name());
    return row(command, names);
}

std::string kinds_of_options(const CLI::App& command) {
    std::string lines;
    for (const OptionRow& option : options_of(command)) {
        if (option.value.empty() || option.value_is_optional) continue;
        std::vector<std::string> places;
        for (const std::string& name : option.names) places.push_back(fmt::format("'{} {}'", full_name(command), name));
        lines += fmt::format("        {}) echo {} ;;\n", fmt::join(places, " | "), shell_quoted(option.value));
    }
    return lines;
}

std::string kinds_of_arguments(const CLI::App& command) {
    std::string lines;
    std::size_t place = 0;
    for (const OptionRow& argument : arguments_of(command)) {
        ++place;
        lines += fmt::format("        '{} '{}) echo {} ;;\n", full_name(command), argument.repeats ? "*" : std::to_string(place),
                             shell_quoted(argument.value));
    }
    return lines;
}

std::string function(const char* name, const char* comment, const char* word, const std::string& rows) {
    return fmt::format("\n# {}\n{}() {{\n    case {} in\n{}    esac\n}}\n", comment, name, word, rows);
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
    std::string commands;
    std::string options;
    std::string kinds;
    std::string arguments;
    for (const CLI::App* const each : all_commands(program)) {
        commands += names_of_commands(*each);
        options += names_of_options(*each);
        kinds += kinds_of_options(*each);
        arguments += kinds_of_arguments(*each);
    }
    return "# bash completion of tare, written by `tare generate completion bash`.\n" +
           function("_tare_commands", "The commands below a command.", "$1", commands) +
           function("_tare_options", "The options of a command.", "$1", options) +
           function("_tare_kind", "What kind of value an option of a command takes; nothing for a flag.", "\"$1 $2\"", kinds) +
           function("_tare_argument", "What kind of value the argument at a place is.", "\"$1 $2\"", arguments) + machinery;
}

}  // namespace tare::cli
