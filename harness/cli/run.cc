// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/run.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "analysis/claims/claim.h"
#include "core/output.h"
#include "core/standard_streams.h"
#include "harness/bench/selection.h"
#include "harness/cli/case_list.h"
#include "harness/cli/command_words.h"
#include "harness/cli/commands.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string suite;
    std::string servers;
    std::string root;
    RunOptions options;
    bool dry_run = false;
};

}  // namespace

void add_run(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(
        app, "run",
        {"Run a suite; prints the run's folder last",
         "Measures every cell of the suite: in lockstep, under load, by command, and its contrasts. The rows go to a new folder "
         "below --out, and DIR/latest points at it. Ctrl-C keeps what was measured so far in a folder that no report takes for a "
         "run.",
         {{"tare run report", "all that the report is made of; minutes"},
          {"tare run gate --dry-run", "what would be measured, and how long it takes as far as that is known"},
          {"tare run overhead-analysis --only '^uring/ideal .* get_hit'", "some cells of a suite"}}});
    command->add_option("SUITE", arguments->suite, "a suite's name (tare list suites) or a TOML file")
        ->type_name(value::suite)
        ->required();
    command->add_option("-o,--out", arguments->options.results, "folder in which the run's folder is made")
        ->type_name(value::folder)
        ->capture_default_str();
    command
        ->add_option(
            "--only", arguments->options.only,
            "only cells whose `VARIANT BUILD OP KEY_BYTES VALUE_BYTES` matches this regular expression (tare list cases)")
        ->type_name("REGEX");
    command
        ->add_option("--servers", arguments->servers,
                     "folder with tare-server and tare-server-counted; by default those of this tare")
        ->type_name(value::folder);
    command
        ->add_option("--root", arguments->root,
                     "what {root} stands for in the suite's servers and commands: the folder of their build")
        ->type_name(value::folder);
    command->add_flag("--dry-run", arguments->dry_run, "print what would be measured, and stop");
    command->callback([arguments] {
        Output output("");
        arguments->options.command = own_words();
        const ReferenceServers servers =
            arguments->servers.empty() ? ReferenceServers::beside_this_program() : ReferenceServers(arguments->servers);
        if (!arguments->servers.empty()) servers.require();
        Suite suite = load_suite(arguments->suite, servers.names());
        give_root(suite.servers, arguments->root);
        give_root(suite.commands, arguments->root);
        // A file that cannot be read is refused before anything is measured.
        if (!suite.claims.empty()) parse_claims(suite.claims, suite.claims_path);
        if (arguments->dry_run) {
            keep_only(suite, arguments->options.only);
            output.write(cases_as_text(suite) + planned_text(suite));
            return;
        }
        const std::filesystem::path folder = run_suite(std::move(suite), servers, arguments->options);
        const std::filesystem::path latest = arguments->options.results / "latest";
        remark(fmt::format("{} is {} now, which has no report yet: `tare report{}` writes it\n", latest.string(),
                           folder.filename().string(), latest == "results/latest" ? "" : " " + latest.string()));
        output.write(folder.string() + "\n");
    });
}

}  // namespace tare::cli
