// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/cli/command.h"
#include "harness/cli/option_table.h"
#include "harness/cli/presentation.h"

namespace tare::cli {
namespace {

constexpr std::string_view command_mark = "--";

bool is_option_like(const std::string& word) { return word.size() > 1 && word.front() == '-' && word != command_mark; }

bool is_long(const std::string& word) { return word.starts_with("--"); }

// "--rate" of "--rate=5", "-r" of "-r5".
std::string name_of_option(const std::string& word) { return is_long(word) ? word.substr(0, word.find('=')) : word.substr(0, 2); }

const CLI::Option* option_of(const CLI::App& command, const std::string& word) {
    return command.get_option_no_throw(name_of_option(word));
}

// Whether the option's value is the next word.
bool takes_next_word(const CLI::Option& option, const std::string& word) {
    if (option.get_items_expected_min() == 0) return false;
    return is_long(word) ? word.find('=') == std::string::npos : word.size() == 2;
}

// The innermost command that the words name, and where the words after it begin. Throws usage_error for a name that is none.
std::pair<CLI::App*, std::size_t> command_in(CLI::App& program, const std::vector<std::string>& words) {
    CLI::App* command = &program;
    std::size_t place = 0;
    while (place < words.size() && !command->get_subcommands({}).empty()) {
        const std::string& word = words[place++];
        if (is_option_like(word)) {
            const CLI::Option* const option = option_of(*command, word);
            if (option == nullptr) break;  // the parser says so
            if (takes_next_word(*option, word)) ++place;
            continue;
        }
        CLI::App* const next = command_named(*command, word);
        if (next == nullptr) throw usage_error(no_command(*command, word));
        command = next;
    }
    return {command, std::min(place, words.size())};
}

bool takes_command(const CLI::App& command) {
    const std::vector<OptionRow> arguments = arguments_of(command);
    return !arguments.empty() && arguments.front().value == value::command;
}

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
}

// Options after the command that tare takes as its own, as it always did: its own long ones, and the repetitions of `tare stat`.
bool is_taken_after_command(const CLI::Option& option, const std::string& word, const std::string& next) {
    if (option.get_group() == common_options) return false;
    if (is_long(word)) return true;
    return option.check_lname("repeat") && is_number(word.size() == 2 ? next : word.substr(2));
}

std::string see(const CLI::App& command) { return fmt::format("\nsee {} --help", full_name(command)); }

const CLI::App& parsed_command(const CLI::App& program) {
    const CLI::App* command = &program;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
    return *command;
}

std::string unknown_option(const CLI::App& command, const std::string& word) {
    std::vector<std::string> names;
    for (const OptionRow& option : options_of(command)) names.insert(names.end(), option.names.begin(), option.names.end());
    std::erase_if(names, [](const std::string& name) { return !is_long(name); });
    const std::string name = name_of_option(word);
    // A long name behind one dash, as in other programs.
    const std::string meant = is_long(word) ? name : word.size() > 2 ? "-" + word.substr(0, word.find('=')) : "";
    std::string hint = did_you_mean(meant, names);
    if (hint.empty() && takes_command(command))
        hint = fmt::format("; if it is the command's, put -- before the command: {} -- COMMAND", full_name(command));
    return fmt::format("{} has no option {}{}", full_name(command), is_long(word) ? name : word, hint);
}

std::string unexpected(const CLI::App& command, const std::vector<std::string>& words) {
    const auto option = std::find_if(words.begin(), words.end(), is_option_like);
    if (option != words.end()) return unknown_option(command, *option);
    const std::vector<OptionRow> arguments = arguments_of(command);
    if (arguments.empty()) return fmt::format("{} takes no argument: '{}'", full_name(command), words.front());
    std::vector<std::string> usages;
    usages.reserve(arguments.size());
    for (const OptionRow& argument : arguments) usages.push_back(usage_of_argument(argument));
    return fmt::format("'{}' is too much: {} {}", words.front(), full_name(command), fmt::join(usages, " "));
}

// CLI11 tells a missing subcommand only by its exception's text.
std::string missing(const CLI::App& command, const CLI::RequiredError& error) {
    if (shown_commands(command).empty()) return fmt::format("{}: {}", full_name(command), error.what());
    std::vector<std::string> names;
    for (const CLI::App* const each : shown_commands(command)) names.push_back(each->get_name());
    return fmt::format("{} needs a command; there are: {}", full_name(command), fmt::join(names, " "));
}

}  // namespace

std::vector<std::string> with_command_marked(CLI::App& program, std::vector<std::string> words) {
    const auto [command, first] = command_in(program, words);
    if (!takes_command(*command)) return words;
    std::size_t place = first;
    while (place < words.size() && is_option_like(words[place])) {
        const CLI::Option* const option = option_of(*command, words[place]);
        if (option == nullptr) return words;  // the parser says so
        place += takes_next_word(*option, words[place]) ? 2 : 1;
    }
    if (place >= words.size() || words[place] == command_mark) return words;
    bool any_foreign = false;
    std::string either;
    std::string taken;
    for (std::size_t index = place + 1; index < words.size() && words[index] != command_mark; ++index) {
        const std::string& word = words[index];
        if (!is_option_like(word)) continue;
        const CLI::Option* const option = option_of(*command, word);
        if (option == nullptr)
            any_foreign = true;
        else if (is_taken_after_command(*option, word, index + 1 < words.size() ? words[index + 1] : ""))
            taken = word;
        else
            either = word;
    }
    if (either.empty() && any_foreign) either = taken;
    if (!either.empty())
        throw usage_error(fmt::format("{} may be an option of {} or of {}: put {} before the command\n  {} -- {}", either,
                                      full_name(*command), words[place], command_mark, full_name(*command),
                                      fmt::join(words.begin() + static_cast<std::ptrdiff_t>(place), words.end(), " ")));
    if (any_foreign) words.insert(words.begin() + static_cast<std::ptrdiff_t>(place), std::string(command_mark));
    return words;
}

std::string parse_and_run(CLI::App& program, std::vector<std::string> words) {
    words = with_command_marked(program, std::move(words));
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    try {
        program.parse(std::move(words));
        return "";
    } catch (const CLI::CallForVersion&) {
        return program.version() + "\n";
    } catch (const CLI::Success&) {
        return help_of(parsed_command(program));
    } catch (const CLI::ExtrasError&) {
        const CLI::App& command = parsed_command(program);
        const std::vector<std::string> left = program.remaining(true);
        throw usage_error(unexpected(command, left) + see(command));
    } catch (const CLI::RequiredError& error) {
        const CLI::App& command = parsed_command(program);
        const std::vector<std::string> left = program.remaining(true);
        const bool any_unknown = std::any_of(left.begin(), left.end(), is_option_like);
        throw usage_error((any_unknown ? unexpected(command, left) : missing(command, error)) + see(command));
    } catch (const CLI::ParseError& error) {
        const CLI::App& command = parsed_command(program);
        throw usage_error(fmt::format("{}: {}{}", full_name(command), error.what(), see(command)));
    }
}

}  // namespace tare::cli
