// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "core/error.h"
#include "core/output.h"
#include "harness/cli/commands.h"
#include "harness/cli/comparison_output.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string base, head, control;
    ComparisonArguments comparison;
    bool print_gate = false;
};

}  // namespace

void add_compare(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(
        app, "compare",
        {"Two runs, quantity by quantity; exit code 1 when a gate is crossed",
         "Pairs the rows of two runs of one suite and says of each quantity whether it got better, worse or stayed, with the "
         "interval of its change where it was timed; the gate decides what may not get worse. Runs that differ in what decides "
         "their numbers are refused with exit code 3.",
         {{"tare compare results/before results/after", "by the gate that is built in"},
          {"tare compare before after --control before2 --format markdown", "with a second run of the base, as Markdown"},
          {"tare compare --print-gate > gate.toml", "a gate of your own to begin with"}}});
    command->add_option("BASE", arguments->base, "a run's folder")->type_name(value::run);
    command->add_option("HEAD", arguments->head, "another run of the same suite")->type_name(value::run);
    command->add_option("--control", arguments->control, "a second run of the base, made in turn with both (tare ab)")
        ->type_name(value::run);
    add_comparison_options(*command, arguments->comparison);
    command->add_flag("--print-gate", arguments->print_gate, "print the built-in gate and stop");
    command->callback([arguments] {
        if (arguments->print_gate) {
            write_stdout(compare::built_in_gate());
            return;
        }
        if (arguments->base.empty() || arguments->head.empty()) throw usage_error("tare compare needs two runs: BASE HEAD");
        ComparisonOutput(arguments->comparison).compare(arguments->base, arguments->head, arguments->control);
    });
}

}  // namespace tare::cli
