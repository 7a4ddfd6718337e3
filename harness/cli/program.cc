// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/program.h"

#include "harness/cli/commands.h"
#include "harness/cli/version.h"

namespace tare::cli {

std::unique_ptr<CLI::App> program() {
    std::unique_ptr<CLI::App> app = make_program(
        "tare",
        {"tare: what does a server add to each request? System calls, queue operations, allocations, copies",
         "Measures what a server adds to each request, by two independent counters: BPF in the kernel, and a ledger inside "
         "tare's "
         "own reference servers. Every number is printed with who counted it; what could not be measured is absent with the "
         "reason, never 0. Data goes to stdout, progress and warnings to stderr.",
         {{"tare doctor", "what this machine can measure"},
          {"tare stat ls -la", "what a command costs"},
          {"tare run report && tare report", "the suite of all suites, then its report"},
          {"tare load --server uring/ideal -c 64 -d 10s", "load on a reference server"}}});
    app->set_version_flag("--version", version_text(), "print the version and exit");
    app->require_subcommand(1);
    add_doctor(*app);
    add_list(*app);
    add_run(*app);
    add_report(*app);
    add_stat(*app);
    add_attach(*app);
    add_serve(*app);
    add_load(*app);
    add_contrast(*app);
    add_calibrate(*app);
    add_check(*app);
    add_compare(*app);
    add_ab(*app);
    add_help(*app);
    add_generate(*app);
    app->footer(
        "Exit codes: 0 ok, 1 a gate was crossed or a claim disproved, 2 usage or configuration, 3 data refused,\n"
        "4 this environment cannot measure that, 5 the run failed.");
    return app;
}

}  // namespace tare::cli
