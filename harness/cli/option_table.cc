// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/option_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/nearest_name.h"
#include "harness/cli/presentation.h"

namespace tare::cli {
namespace {

// CLI11's own words for the types of numbers.
std::string plain_type(const std::string& type) {
    return type == "UINT" || type == "INT" || type == "FLOAT" ? value::number : type;
}

std::vector<std::string> split_at_bars(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('|', begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

OptionRow row_of(const CLI::Option& option) {
    OptionRow row;
    for (const std::string& name : option.get_snames()) row.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) row.names.push_back("--" + name);
    if (row.names.empty()) row.names.push_back(option.get_name(true));
    // Its kind, a colon, and what its validators say.
    const std::string type = option.get_type_name();
    const std::size_t colon = std::min(type.find(':'), type.size());
    const std::string kind = plain_type(type.substr(0, colon));
    // A flag may have a value behind an equals sign, where its kind is said; CLI11 calls it TEXT where it is not.
    const bool is_flag = option.get_items_expected_max() == 0;
    row.value_is_optional = is_flag && kind != "TEXT";
    if (!is_flag || row.value_is_optional) row.value = kind;
    if (colon < type.size()) row.limits = type.substr(colon + 1);
    if (row.value.find('|') != std::string::npos) row.choices = split_at_bars(row.value);
    row.repeats = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
    row.required = option.get_required();
    row.description = option.get_description();
    row.default_value = option.get_default_str();
    for (const CLI::Option* const other : option.get_excludes()) row.excluded.push_back(other->get_name());
    std::sort(row.excluded.begin(), row.excluded.end());
    row.is_common = option.get_group() == common_options || option.check_lname("help");
    return row;
}

std::vector<OptionRow> rows_of(const CLI::App& command, bool positional) {
    std::vector<OptionRow> rows;
    const auto shown = command.get_options([positional](const CLI::Option* option) {
        return !option->get_group().empty() && option->get_positional() == positional;
    });
    rows.reserve(shown.size());
    for (const CLI::Option* const option : shown) rows.push_back(row_of(*option));
    std::stable_partition(rows.begin(), rows.end(), [](const OptionRow& row) { return !row.is_common; });
    return rows;
}

}  // namespace

std::vector<OptionRow> options_of(const CLI::App& command) { return rows_of(command, false); }

std::vector<OptionRow> arguments_of(const CLI::App& command) { return rows_of(command, true); }

std::string usage_of(const OptionRow& option) {
    std::string text = fmt::format("{}", fmt::join(option.names, ", "));
    if (option.value_is_optional)
        text += fmt::format("[={}]", option.value);
    else if (!option.value.empty())
        text += " " + option.value;
    return text;
}

std::string usage_of_argument(const OptionRow& argument) {
    const std::string text = argument.name() + (argument.repeats ? "..." : "");
    return argument.required ? text : "[" + text + "]";
}

std::string description_of(const OptionRow& option) {
    std::string text = option.description;
    std::vector<std::string> more;
    if (!option.limits.empty()) more.push_back(option.limits);
    if (!option.default_value.empty()) more.push_back("default: " + option.default_value);
    if (!option.excluded.empty()) more.push_back(fmt::format("not with {}", fmt::join(option.excluded, ", ")));
    if (!more.empty()) text += fmt::format(" ({})", fmt::join(more, "; "));
    return text;
}

CLI::Option* takes_one_of(CLI::Option* option, const std::vector<std::string>& names) {
    option->type_name(fmt::format("{}", fmt::join(names, "|")));
    return option->check(CLI::Validator(
        [names](const std::string& text) -> std::string {
            if (std::find(names.begin(), names.end(), text) != names.end()) return "";
            return fmt::format("'{}' is none of {}{}", text, fmt::join(names, ", "), did_you_mean(text, names));
        },
        ""));
}

}  // namespace tare::cli
