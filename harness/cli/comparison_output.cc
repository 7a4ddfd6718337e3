// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/comparison_output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "analysis/compare/wording.h"
#include "core/atomic_file.h"
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
void append_step_summary(const compare::Comparison& comparison) {
    const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
    if (path == nullptr || *path == '\0') throw usage_error("--step-summary: GITHUB_STEP_SUMMARY is not set");
    std::ofstream file(path, std::ios::app | std::ios::binary);
    file << compare::markdown_format(comparison) << std::flush;
    if (!file) throw system_failed(std::string("append to ") + path);
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

// `--format NAME[=FILE]` and --output as outputs; text on stdout unless another format takes its place.
std::vector<ComparisonOutput::Output> ComparisonOutput::outputs_of(const ComparisonArguments& arguments) {
    std::vector<Output> outputs;
    bool claimed = false;
    for (const std::string& form : arguments.forms) {
        const std::size_t equals = form.find('=');
        const Output output{&format_named(form.substr(0, equals)), equals == std::string::npos ? "" : form.substr(equals + 1)};
        if (equals != std::string::npos && output.file.empty()) throw usage_error("--format " + form + ": no file is named");
        if (output.file.empty() && claimed) throw usage_error("two formats want stdout: give one a file, --format NAME=FILE");
        claimed = claimed || output.file.empty();
        outputs.push_back(output);
    }
    if (!claimed) outputs.push_back({&compare::formats.front(), ""});
    for (Output& output : outputs) {
        if (output.file.empty()) output.file = arguments.output;
    }
    return outputs;
}

ComparisonOutput::ComparisonOutput(const ComparisonArguments& arguments)
    : gate_(compare::load_gate(arguments.gate)),
      outputs_(outputs_of(arguments)),
      forced_(arguments.forced),
      step_summary_(arguments.step_summary) {}

void ComparisonOutput::write(const compare::Comparison& comparison, const Output& output) {
    if (!output.file.empty()) {
        write_file_atomically(output.file, output.format->write(comparison));
        return;
    }
    const bool text = output.format->name == "text";
    fmt::print("{}", text ? compare::text_format(comparison, colour_wanted()) : output.format->write(comparison));
}

void ComparisonOutput::compare(const std::string& base, const std::string& head, const std::string& control) const {
    const compare::Comparison comparison = compare::compare_runs(base, head, gate_, forced_, control);
    for (const Output& output : outputs_) write(comparison, output);
    if (step_summary_) append_step_summary(comparison);
    if (comparison.code() != ExitCode::ok)
        throw Error(comparison.code(), fmt::format("{} against {}: {}", head, base, compare::gate_text(comparison)));
}

}  // namespace tare::cli
