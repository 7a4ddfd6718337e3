// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/comparison_output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "analysis/compare/wording.h"
#include "core/error.h"

namespace tare::cli {
namespace {

const compare::Format& format_named(const std::string& name) {
    std::string names;
    for (const compare::Format& format : compare::formats) {
        if (format.name == name) return format;
        names += fmt::format("\n  {:24} {}", format.name, format.description);
    }
    throw usage_error("--format '" + name + "' is none of" + names);
}

bool colour_wanted() {
    const char* const no_color = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

// GitHub's own file is appended to: other steps write there, too.
Output step_summary() {
    const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
    if (path == nullptr || *path == '\0') throw usage_error("--step-summary: GITHUB_STEP_SUMMARY is not set");
    return Output::appending(path, "--step-summary");
}

}  // namespace

void add_comparison_options(CLI::App& command, ComparisonArguments& arguments) {
    command.add_option("--gate", arguments.gate,
                       "TOML file of what may not get worse; tare compare --print-gate shows the one built in");
    command.add_option("--format", arguments.forms, "NAME, or NAME=FILE; may stand several times (default: text)")
        ->allow_extra_args(false);
    command.add_option("--output", arguments.output, "file for what would go to stdout");
    command
        .add_option("--force-incomparable", arguments.forced,
                    "compare although this field of environment.json differs; every output says so; may stand several times")
        ->allow_extra_args(false);
    command.add_flag("--step-summary", arguments.step_summary,
                     "also append the Markdown to the file that GITHUB_STEP_SUMMARY names");
}

// `--format NAME[=FILE]`, --output and --step-summary as forms; text on stdout unless another format takes its place.
std::vector<ComparisonOutput::Form> ComparisonOutput::forms_of(const ComparisonArguments& arguments) {
    std::vector<Form> forms;
    bool claimed = false;
    const auto add_main = [&](const compare::Format& format) {
        if (claimed) throw usage_error("two formats want stdout: give one a file, --format NAME=FILE");
        claimed = true;
        const bool colour = format.name == "text" && arguments.output.empty() && colour_wanted();
        forms.push_back({&format, colour, Output(arguments.output)});
    };
    for (const std::string& form : arguments.forms) {
        const std::size_t equals = form.find('=');
        const compare::Format& format = format_named(form.substr(0, equals));
        const std::string file = equals == std::string::npos ? "" : form.substr(equals + 1);
        if (equals == std::string::npos)
            add_main(format);
        else if (file.empty())
            throw usage_error("--format " + form + ": no file is named");
        else
            forms.push_back({&format, false, Output(file, "--format " + std::string(format.name))});
    }
    if (!claimed) add_main(compare::formats.front());
    if (arguments.step_summary) forms.push_back({&format_named("markdown"), false, step_summary()});
    std::vector<const Output*> outputs;
    outputs.reserve(forms.size());
    for (const Form& form : forms) outputs.push_back(&form.output);
    refuse_one_file_for_two(outputs);
    return forms;
}

ComparisonOutput::ComparisonOutput(const ComparisonArguments& arguments)
    : gate_(compare::load_gate(arguments.gate)), forms_(forms_of(arguments)), forced_(arguments.forced) {}

void ComparisonOutput::compare(const std::string& base, const std::string& head, const std::string& control) {
    const compare::Comparison comparison = compare::compare_runs(base, head, gate_, forced_, control);
    std::vector<std::pair<Output*, std::string>> texts;
    for (Form& form : forms_)
        texts.emplace_back(&form.output, form.colour ? compare::text_format(comparison, true) : form.format->write(comparison));
    write_each(texts);
    if (comparison.code() != ExitCode::ok)
        throw Error(comparison.code(), fmt::format("{} against {}: {}", head, base, compare::gate_text(comparison)));
}

}  // namespace tare::cli
