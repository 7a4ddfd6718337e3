// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/format_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/cli/option_table.h"
#include "harness/cli/presentation.h"

namespace tare::cli {
namespace {

std::size_t format_named(const std::string& name, const std::vector<FormatName>& formats) {
    std::vector<std::string_view> names;
    std::string lines;
    for (std::size_t index = 0; index < formats.size(); ++index) {
        if (formats[index].name == name) return index;
        names.push_back(formats[index].name);
        lines += fmt::format("\n  {:24} {}", formats[index].name, formats[index].description);
    }
    throw usage_error(fmt::format("--format '{}' is no format{}\nthere are:{}", name, did_you_mean(name, names), lines));
}

// GitHub's own file is appended to: other steps write there, too.
Output step_summary() {
    const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
    if (path == nullptr || *path == '\0') throw usage_error("--step-summary: GITHUB_STEP_SUMMARY is not set");
    return Output::appending(path, "--step-summary");
}

}  // namespace

void add_format_options(CLI::App& command, FormatArguments& arguments, const std::vector<FormatName>& formats) {
    std::vector<std::string_view> names;
    names.reserve(formats.size());
    for (const FormatName& format : formats) names.push_back(format.name);
    command.add_option("--format", arguments.forms, "NAME, or NAME=FILE; may stand several times (default: text)")
        ->type_name(fmt::format("{}", fmt::join(names, "|")))
        ->allow_extra_args(false);
    command.add_option("-o,--output", arguments.output, "file for what would go to stdout")->type_name(value::file);
    command.add_flag("--step-summary", arguments.step_summary,
                     "also append the Markdown to the file that GITHUB_STEP_SUMMARY names");
}

std::vector<OpenForm> open_forms(const FormatArguments& arguments, const std::vector<FormatName>& formats) {
    std::vector<OpenForm> forms;
    bool claimed = false;
    const auto add_main = [&](std::size_t format) {
        if (claimed) throw usage_error("two formats want stdout: give one a file, --format NAME=FILE");
        claimed = true;
        const bool colour = formats[format].name == "text" && arguments.output.empty() && colour_wanted();
        forms.push_back({format, colour, Output(arguments.output)});
    };
    for (const std::string& form : arguments.forms) {
        const std::size_t equals = form.find('=');
        const std::size_t format = format_named(form.substr(0, equals), formats);
        const std::string file = equals == std::string::npos ? "" : form.substr(equals + 1);
        if (equals == std::string::npos)
            add_main(format);
        else if (file.empty())
            throw usage_error("--format " + form + ": no file is named");
        else
            forms.push_back({format, false, Output(file, "--format " + std::string(formats[format].name))});
    }
    if (!claimed) add_main(0);
    if (arguments.step_summary) forms.push_back({format_named("markdown", formats), false, step_summary()});
    std::vector<const Output*> outputs;
    outputs.reserve(forms.size());
    for (const OpenForm& form : forms) outputs.push_back(&form.output);
    refuse_one_file_for_two(outputs);
    return forms;
}

}  // namespace tare::cli
