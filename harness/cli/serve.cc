// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "core/enum_names.h"
#include "core/error.h"
#include "core/row_terms.h"
#include "harness/bench/reference_servers.h"
#include "harness/cli/commands.h"
#include "harness/cli/finite_number.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string variant;
    std::uint16_t port = 0;
    std::string build{name_of(Build::timed)};
};

}  // namespace

void add_serve(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command =
        add_command(app, "serve",
                    {"A reference server on 127.0.0.1, until it is interrupted",
                     "Becomes the server: it speaks memcached's text protocol, prints `ready port=N ...` once it accepts, and "
                     "ends by Ctrl-C or "
                     "SIGTERM.",
                     {{"tare serve uring/ideal -p 11311", "the best io_uring variant on a port of your own"},
                      {"tare serve epoll/level/as_described --build counted", "with its ledger, on any free port"}}});
    command->add_option("VARIANT", arguments->variant, "SERVER/WIRING/RUNG (tare list servers)")
        ->type_name(value::variant)
        ->required();
    command->add_option("-p,--port", arguments->port, "0 takes any free one")
        ->check(whole_number(0, 65535))
        ->capture_default_str();
    takes_one_of(command->add_option("--build", arguments->build, "counted has a ledger"),
                 {std::string(name_of(Build::timed)), std::string(name_of(Build::counted))})
        ->capture_default_str();
    command->callback([arguments] {
        const ReferenceServers servers = ReferenceServers::beside_this_program();
        const std::string variant = servers.variant_named(arguments->variant);
        const std::string program = servers.program(*enum_named<Build>(build_names, arguments->build));
        // Becomes the server: signals and exit code are its own.
        ::execl(program.c_str(), program.c_str(), variant.c_str(), "--port", std::to_string(arguments->port).c_str(), nullptr);
        throw system_failed("start " + program);
    });
}

}  // namespace tare::cli
