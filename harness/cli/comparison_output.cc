// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/comparison_output.h"

#include <fmt/format.h>

#include "analysis/compare/summary.h"
#include "core/error.h"
#include "harness/cli/option_table.h"

namespace tare::cli {

void add_comparison_options(CLI::App& command, ComparisonArguments& arguments) {
    command
        .add_option("--gate", arguments.gate,
                    "TOML file of what may not get worse; tare compare --print-gate shows the one built in")
        ->type_name(value::file);
    add_format_options(command, arguments.formats, names_of(compare::formats));
    command
        .add_option("--force-incomparable", arguments.forced,
                    "compare although this field of environment.json differs; every output says so; may stand several times")
        ->type_name("FIELD")
        ->allow_extra_args(false);
}

ComparisonOutput::ComparisonOutput(const ComparisonArguments& arguments)
    : gate_(compare::load_gate(arguments.gate)),
      forms_(open_forms(arguments.formats, names_of(compare::formats))),
      forced_(arguments.forced) {}

void ComparisonOutput::compare(const std::string& base, const std::string& head, const std::string& control) {
    const compare::Comparison comparison = compare::compare_runs(base, head, gate_, forced_, control);
    std::vector<std::pair<Output*, std::string>> texts;
    for (OpenForm& form : forms_)
        texts.emplace_back(&form.output, form.colour ? compare::text_format(comparison, true)
                                                     : compare::formats.at(form.format).write(comparison));
    write_each(texts);
    if (comparison.code() != ExitCode::ok)
        throw Error(comparison.code(), fmt::format("{} against {}: {}", head, base, compare::gate_text(comparison)));
}

}  // namespace tare::cli
