// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/run.h"

#include <memory>

#include "core/output.h"
#include "harness/cli/command_words.h"
#include "harness/cli/commands.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string suite;
    std::string servers;
    std::string root;
    RunOptions options;
};

}  // namespace

void add_run(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(app, "run", "Run a suite; prints the run's folder last");
    command->add_option("SUITE", arguments->suite, "a suite's name (tare list suites) or a TOML file")->required();
    command->add_option("--out", arguments->options.results, "folder in which the run's folder is made")->capture_default_str();
    command->add_option("--only", arguments->options.only,
                        "only cells whose `VARIANT BUILD OP KEY_BYTES VALUE_BYTES` matches this regular expression");
    command->add_option("--servers", arguments->servers,
                        "folder with tare-server and tare-server-counted; by default those beside tare");
    command->add_option("--root", arguments->root, "what {root} stands for in the suite's servers: the folder of their build");
    command->callback([arguments] {
        Output output("");
        arguments->options.command = own_words();
        const ReferenceServers servers =
            arguments->servers.empty() ? ReferenceServers::beside_this_program() : ReferenceServers(arguments->servers);
        Suite suite = load_suite(arguments->suite, servers.names());
        give_root(suite.servers, arguments->root);
        output.write(run_suite(std::move(suite), servers, arguments->options).string() + "\n");
    });
}

}  // namespace tare::cli
