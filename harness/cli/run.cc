// SPDX-License-Identifier: Apache-2.0
#include "harness/run.h"

#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "harness/cli/commands.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string suite;
    std::string servers;
    RunOptions options;
};

// The words of this program's command line, as the kernel has them.
std::vector<std::string> command_words() {
    std::ifstream file("/proc/self/cmdline");
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    if (!words.empty()) words.front() = "tare";
    return words;
}

}  // namespace

void add_run(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = app.add_subcommand("run", "Run a suite; prints the run's folder last");
    command->add_option("SUITE", arguments->suite, "a suite's name (tare list suites) or a TOML file")->required();
    command->add_option("--out", arguments->options.results, "folder in which the run's folder is made")->capture_default_str();
    command->add_option("--only", arguments->options.only,
                        "only cells whose `VARIANT BUILD OP KEY_BYTES VALUE_BYTES` matches this regular expression");
    command->add_option("--servers", arguments->servers,
                        "folder with tare-server and tare-server-counted; by default those beside tare");
    command->callback([arguments] {
        arguments->options.command = command_words();
        const ReferenceServers servers =
            arguments->servers.empty() ? ReferenceServers::beside_this_program() : ReferenceServers(arguments->servers);
        const auto folder = run_suite(load_suite(arguments->suite, servers.names()), servers, arguments->options);
        fmt::print("{}\n", folder.string());
    });
}

}  // namespace tare::cli
