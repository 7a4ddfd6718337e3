// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/ab.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "core/standard_streams.h"
#include "harness/cli/command_words.h"
#include "harness/cli/commands.h"
#include "harness/cli/comparison_output.h"
#include "harness/cli/finite_number.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Arguments {
    AbOptions ab;
    ComparisonArguments comparison;
    std::string build, base_command, head_command;
    std::vector<std::string> subject;  // SUITE, or the words of a command
};

// What stands after `--` is a command; else one word is a suite.
void take_subject(const std::vector<std::string>& subject, AbOptions& ab) {
    const std::vector<std::string> words = own_words();
    const auto dashes = std::find(words.begin(), words.end(), "--");
    if (dashes != words.end()) {
        ab.command.assign(dashes + 1, words.end());
        if (ab.command.empty()) throw usage_error("no command follows --");
        if (subject.size() > ab.command.size())
            throw usage_error("a suite or a command after --, and not both: '" + subject.front() + "'");
        return;
    }
    if (subject.empty()) throw usage_error("SUITE is required, or a command after --");
    if (subject.size() > 1) throw usage_error("one suite: '" + subject[1] + "' is one more; a command stands after --");
    ab.suite = subject.front();
}

void run(Arguments& arguments) {
    AbOptions& ab = arguments.ab;
    ab.run.command = own_words();
    take_subject(arguments.subject, ab);
    ComparisonOutput output(arguments.comparison);
    if (!arguments.build.empty()) ab.build = words_of(arguments.build, "--build");
    if (!arguments.base_command.empty()) ab.base.command = words_of(arguments.base_command, "--base-command");
    if (!arguments.head_command.empty()) ab.head.command = words_of(arguments.head_command, "--head-command");
    const AbRuns runs = run_ab(ab);
    remark(fmt::format("base {}\nhead {}\ncontrol {}\n", runs.base.string(), runs.head.string(), runs.control.string()));
    output.compare(runs.base.string(), runs.head.string(), runs.control.string());
}

}  // namespace

void add_ab(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    AbOptions& ab = arguments->ab;
    CLI::App* const command = add_command(
        app, "ab",
        {"Two revisions, folders or commands: run side by side with a control, then compared",
         "Makes both sides ready, runs the suite's cells on base, head and a control in turn, so that what drifts falls "
         "on all of them alike, and compares the runs as tare compare does. Revisions are built in git worktrees of their "
         "own below TMPDIR, which go with the command. In a command after --, {root} stands for each side's folder.",
         {{"tare ab gate --base origin/main --head HEAD", "what a branch changes, by the suite that pull requests are held to"},
          {"tare ab suite.toml --base-root old/ --head-root new/", "two builds of a server that the suite starts from {root}"},
          {"tare ab --base v1.0 --head HEAD --build make -- {root}/program --once", "two revisions of any program"}}});
    command
        ->add_option("SUITE", arguments->subject,
                     "a suite's name (tare list suites) or a TOML file; or in its place `-- COMMAND`, in which {root} stands "
                     "for each side's folder")
        ->type_name(value::suite);
    command->add_option("--base", ab.base.revision, "git revision; its servers are built in a tree of their own")
        ->type_name("REV");
    command->add_option("--head", ab.head.revision, "git revision that is held against it")->type_name("REV");
    command->add_option("--repo", ab.repository, "repository of the revisions")->type_name(value::folder)->capture_default_str();
    command->add_option("--build", arguments->build,
                        "command that builds what is started from {root}, run in each tree; no shell");
    command->add_option("--base-root", ab.base.root, "folder that is built already: {root}, or that of tare-server")
        ->type_name(value::folder);
    command->add_option("--head-root", ab.head.root, "folder that is held against it")->type_name(value::folder);
    command->add_option("--base-command", arguments->base_command, "starts the suite's one server, in its argv's place");
    command->add_option("--head-command", arguments->head_command, "the same for the other side");
    command->add_option("--out", ab.run.results, "folder in which the runs' folders are made")
        ->type_name(value::folder)
        ->capture_default_str();
    command
        ->add_option("--only", ab.run.only,
                     "only cells whose `VARIANT BUILD OP KEY_BYTES VALUE_BYTES` matches this regular expression")
        ->type_name("REGEX");
    command
        ->add_option("--slices", ab.slices,
                     "windows of each load cell and timed runs of each command, a side; by default the suite's repetitions")
        ->check(whole_number(1, 1000));
    add_comparison_options(*command, arguments->comparison);
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tare::cli
