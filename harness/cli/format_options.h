// SPDX-License-Identifier: Apache-2.0
// In which formats a command writes what it found, and where each goes: --format NAME[=FILE], --output and --step-summary.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/output.h"

namespace tare::cli {

struct FormatArguments {
    std::vector<std::string> forms;
    std::string output;
    bool step_summary = false;
};

struct FormatName {
    std::string_view name;
    std::string_view description;
};

// The names of a list of formats, of which the first is text and `markdown` is one.
template <class Formats>
std::vector<FormatName> names_of(const Formats& formats) {
    std::vector<FormatName> names;
    names.reserve(formats.size());
    for (const auto& format : formats) names.push_back({format.name, format.description});
    return names;
}

// `formats`: what may be named.
void add_format_options(CLI::App& command, FormatArguments& arguments, const std::vector<FormatName>& formats);

// A format by its place in the list, with its output open, so that nothing is measured for what cannot be written.
struct OpenForm {
    std::size_t format = 0;
    bool colour = false;
    Output output;
};

// Text on stdout unless another format takes its place. Throws usage_error, and run_failed as Output does.
std::vector<OpenForm> open_forms(const FormatArguments& arguments, const std::vector<FormatName>& formats);

}  // namespace tare::cli
