// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "core/error.h"
#include "harness/bench/reference_servers.h"
#include "harness/cli/commands.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string variant;
    std::uint16_t port = 0;
    std::string build = "timed";
};

}  // namespace

void add_serve(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(app, "serve", "A reference server on 127.0.0.1, until it is interrupted");
    command->add_option("VARIANT", arguments->variant, "SERVER/WIRING/RUNG (tare list servers)")->required();
    command->add_option("--port", arguments->port, "0 takes any free one")->capture_default_str();
    command->add_option("--build", arguments->build, "timed, or counted with a ledger")
        ->capture_default_str()
        ->check(CLI::IsMember({"timed", "counted"}));
    command->callback([arguments] {
        const ReferenceServers servers = ReferenceServers::beside_this_program();
        const std::string variant = servers.variant_named(arguments->variant);
        const std::string program = servers.program(arguments->build);
        // Becomes the server: signals and exit code are its own.
        ::execl(program.c_str(), program.c_str(), variant.c_str(), "--port", std::to_string(arguments->port).c_str(), nullptr);
        throw system_failed("start " + program);
    });
}

}  // namespace tare::cli
