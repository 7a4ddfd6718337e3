// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/ab.h"

#include <fmt/format.h>

#include <memory>

#include "core/standard_streams.h"
#include "harness/cli/command_words.h"
#include "harness/cli/commands.h"
#include "harness/cli/comparison_output.h"

namespace tare::cli {
namespace {

struct Arguments {
    AbOptions ab;
    ComparisonArguments comparison;
    std::string build, base_command, head_command;
};

void run(Arguments& arguments) {
    ComparisonOutput output(arguments.comparison);
    AbOptions& ab = arguments.ab;
    ab.run.command = own_words();
    if (!arguments.build.empty()) ab.build = words_of(arguments.build, "--build");
    if (!arguments.base_command.empty()) ab.base.command = words_of(arguments.base_command, "--base-command");
    if (!arguments.head_command.empty()) ab.head.command = words_of(arguments.head_command, "--head-command");
    const AbRuns runs = run_ab(ab);
    say(fmt::format("base {}\nhead {}\ncontrol {}\n", runs.base.string(), runs.head.string(), runs.control.string()));
    output.compare(runs.base.string(), runs.head.string(), runs.control.string());
}

}  // namespace

void add_ab(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    AbOptions& ab = arguments->ab;
    CLI::App* const command =
        add_command(app, "ab", "Two revisions, folders or commands: run side by side with a control, then compared");
    command->add_option("SUITE", ab.suite, "a suite's name (tare list suites) or a TOML file")->required();
    command->add_option("--base", ab.base.revision, "git revision; its servers are built in a tree of their own");
    command->add_option("--head", ab.head.revision, "git revision that is held against it");
    command->add_option("--repo", ab.repository, "repository of the revisions")->capture_default_str();
    command->add_option("--build", arguments->build,
                        "command that builds the suite's {root} servers, run in each tree; no shell");
    command->add_option("--base-root", ab.base.root, "folder that is built already: {root}, or that of tare-server");
    command->add_option("--head-root", ab.head.root, "folder that is held against it");
    command->add_option("--base-command", arguments->base_command, "starts the suite's one server, in its argv's place");
    command->add_option("--head-command", arguments->head_command, "the same for the other side");
    command->add_option("--out", ab.run.results, "folder in which the runs' folders are made")->capture_default_str();
    command->add_option("--only", ab.run.only,
                        "only cells whose `VARIANT BUILD OP KEY_BYTES VALUE_BYTES` matches this regular expression");
    command->add_option("--slices", ab.slices, "windows of each load cell and side; by default the suite's repetitions")
        ->check(CLI::Range(1, 1000));
    add_comparison_options(*command, arguments->comparison);
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tare::cli
