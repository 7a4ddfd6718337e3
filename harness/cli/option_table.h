// SPDX-License-Identifier: Apache-2.0
// The options of a command as CLI11 has them, read into rows: what help, manual pages and completions are written from.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tare::cli {

struct OptionRow {
    std::vector<std::string> names;  // "-c", "--connections"; of an argument: "SUITE"
    std::string value;               // "NUMBER", "FILE", "text|csv"; empty for a flag, and for an argument of its own name's kind
    std::vector<std::string> choices;  // where it is one of these
    bool value_is_optional = false;    // --call-sites[=N]
    bool repeats = false;
    bool required = false;
    std::string description;
    std::string limits;         // "from 1 to 65535"; may be empty
    std::string default_value;  // may be empty
    std::vector<std::string> excluded;
    bool is_common = false;  // of all commands (presentation.h)

    bool is_flag() const { return value.empty() && !value_is_optional; }
    // "--port", else "-p"
    const std::string& name() const { return names.back(); }
};

// Those that help shows: in the order in which they were declared, those of all commands last.
std::vector<OptionRow> options_of(const CLI::App& command);
std::vector<OptionRow> arguments_of(const CLI::App& command);

// "-c, --connections NUMBER", "--call-sites[=N]"
std::string usage_of(const OptionRow& option);
// "SUITE", "[RUN]", "COMMAND..."
std::string usage_of_argument(const OptionRow& argument);

// The description with limits, default and what it cannot stand beside, as one sentence.
std::string description_of(const OptionRow& option);

// What kind of text an option or argument takes; help shows it, and completions complete by it.
namespace value {
inline constexpr const char* command = "COMMAND";
inline constexpr const char* duration = "DURATION";
inline constexpr const char* file = "FILE";
inline constexpr const char* folder = "DIR";
inline constexpr const char* help_topic = "VERB";
inline constexpr const char* number = "NUMBER";
inline constexpr const char* run = "RUN";
inline constexpr const char* suite = "SUITE";
inline constexpr const char* variant = "VARIANT";
}  // namespace value

// The option takes one of these names. Else its error says which there are, and which is near.
CLI::Option* takes_one_of(CLI::Option* option, const std::vector<std::string>& names);
template <class Names>
CLI::Option* takes_one_of(CLI::Option* option, const Names& names) {
    return takes_one_of(option, std::vector<std::string>(names.begin(), names.end()));
}

}  // namespace tare::cli
