// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/wording.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "harness/cli/commands.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string base, head;
    std::string gate;
    std::vector<std::string> forms;
    std::string output;
    std::vector<std::string> forced;
    bool step_summary = false;
    bool print_gate = false;
};

// One output: a format, and the file it goes to; empty for stdout.
struct Output {
    const compare::Format* format = nullptr;
    std::string file;
};

const compare::Format& format_named(const std::string& name) {
    std::string names;
    for (const compare::Format& format : compare::formats) {
        if (format.name == name) return format;
        names += fmt::format("\n  {:24} {}", format.name, format.description);
    }
    throw usage_error("--format '" + name + "' is none of" + names);
}

// `--format NAME[=FILE]` and --output as outputs; text on stdout unless another format takes its place.
std::vector<Output> outputs_of(const Arguments& arguments) {
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

bool colour_wanted() {
    const char* const no_color = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

void write(const compare::Comparison& comparison, const Output& output) {
    if (!output.file.empty()) {
        write_file_atomically(output.file, output.format->write(comparison));
        return;
    }
    const bool text = output.format->name == "text";
    fmt::print("{}", text ? compare::text_format(comparison, colour_wanted()) : output.format->write(comparison));
}

// GitHub's own file is appended to: other steps write there, too.
void append_step_summary(const compare::Comparison& comparison) {
    const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
    if (path == nullptr || *path == '\0') throw usage_error("--step-summary: GITHUB_STEP_SUMMARY is not set");
    std::ofstream file(path, std::ios::app | std::ios::binary);
    file << compare::markdown_format(comparison) << std::flush;
    if (!file) throw system_failed(std::string("append to ") + path);
}

void run(const Arguments& arguments) {
    const std::vector<Output> outputs = outputs_of(arguments);
    const compare::Gate gate = compare::load_gate(arguments.gate);
    const compare::Comparison comparison = compare::compare_runs(arguments.base, arguments.head, gate, arguments.forced);
    for (const Output& output : outputs) write(comparison, output);
    if (arguments.step_summary) append_step_summary(comparison);
    if (comparison.code() != ExitCode::ok)
        throw Error(comparison.code(),
                    fmt::format("{} against {}: {}", arguments.head, arguments.base, compare::gate_text(comparison)));
}

}  // namespace

void add_compare(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = app.add_subcommand("compare", "Two runs, quantity by quantity; exit code 1 when a gate is crossed");
    command->add_option("BASE", arguments->base, "a run's folder");
    command->add_option("HEAD", arguments->head, "another run of the same suite");
    command->add_option("--gate", arguments->gate, "TOML file of what may not get worse; --print-gate shows the one built in");
    command->add_option("--format", arguments->forms, "NAME, or NAME=FILE; may stand several times (default: text)")
        ->allow_extra_args(false);
    command->add_option("--output", arguments->output, "file for what would go to stdout");
    command
        ->add_option("--force-incomparable", arguments->forced,
                     "compare although this field of environment.json differs; every output says so; may stand several times")
        ->allow_extra_args(false);
    command->add_flag("--step-summary", arguments->step_summary,
                      "also append the Markdown to the file that GITHUB_STEP_SUMMARY names");
    command->add_flag("--print-gate", arguments->print_gate, "print the built-in gate and stop");
    command->callback([arguments] {
        if (arguments->print_gate) {
            fmt::print("{}", compare::built_in_gate());
            return;
        }
        if (arguments->base.empty() || arguments->head.empty()) throw usage_error("tare compare needs two runs: BASE HEAD");
        run(*arguments);
    });
}

}  // namespace tare::cli
