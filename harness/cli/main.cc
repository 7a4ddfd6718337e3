// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "core/error.h"
#include "harness/cli/commands.h"

namespace {

int run(int argc, char** argv) {
    CLI::App app{"tare: what does a server add to each request? System calls, queue operations, allocations, copies."};
    app.name("tare");
    app.require_subcommand(1);
    tare::cli::add_doctor(app);
    tare::cli::add_list(app);
    tare::cli::add_run(app);
    tare::cli::add_report(app);
    tare::cli::add_serve(app);
    app.footer(
        "Exit codes: 0 ok, 1 a gate was crossed, 2 usage or configuration, 3 data refused,\n"
        "4 this environment cannot measure that, 5 the run failed.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        return app.exit(asked);
    } catch (const CLI::ParseError& error) {
        app.exit(error);
        return static_cast<int>(tare::ExitCode::usage);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const tare::Error& error) {
        std::fprintf(stderr, "tare: %s\n", error.what());
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tare: %s\n", error.what());
        return static_cast<int>(tare::ExitCode::run_failed);
    }
}
