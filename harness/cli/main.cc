// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <sstream>
#include <string>

#include "core/error.h"
#include "core/output.h"
#include "core/standard_streams.h"
#include "harness/cli/commands.h"

namespace {

// CLI11 would only say that a command is missing.
void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
    const CLI::App* known = &app;
    for (int index = 1; index < argc && argv[index][0] != '-' && !known->get_subcommands({}).empty(); ++index) {
        const CLI::App* next = nullptr;
        std::string names;
        for (const CLI::App* const each : known->get_subcommands({})) {
            if (each->get_name() == argv[index]) next = each;
            names += " " + each->get_name();
        }
        if (next == nullptr) throw tare::usage_error("'" + std::string(argv[index]) + "' is no command; there are:" + names);
        known = next;
    }
}

int run(int argc, char** argv) {
    CLI::App app{"tare: what does a server add to each request? System calls, queue operations, allocations, copies."};
    app.name("tare");
    app.set_version_flag("--version", TARE_VERSION);
    app.require_subcommand(1);
    tare::cli::add_calibrate(app);
    tare::cli::add_doctor(app);
    tare::cli::add_list(app);
    tare::cli::add_run(app);
    tare::cli::add_report(app);
    tare::cli::add_serve(app);
    tare::cli::add_load(app);
    tare::cli::add_stat(app);
    tare::cli::add_attach(app);
    tare::cli::add_compare(app);
    tare::cli::add_ab(app);
    app.footer(
        "Exit codes: 0 ok, 1 a gate was crossed, 2 usage or configuration, 3 data refused,\n"
        "4 this environment cannot measure that, 5 the run failed.");
    try {
        refuse_unknown_command(app, argc, argv);
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        std::ostringstream text;
        app.exit(asked, text, text);
        tare::write_stdout(text.str());
        return 0;
    } catch (const CLI::ParseError& error) {
        std::ostringstream text;
        app.exit(error, text, text);
        tare::say(text.str());
        return static_cast<int>(tare::ExitCode::usage);
    }
    return 0;
}

}  // namespace

CLI::App* tare::cli::add_command(CLI::App& parent, const std::string& name, const std::string& description) {
    return parent.add_subcommand(name, description);
}

int main(int argc, char** argv) {
    tare::guard_standard_streams();
    try {
        return run(argc, argv);
    } catch (const tare::Error& error) {
        tare::say(std::string("tare: ") + error.what() + "\n");
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        tare::say(std::string("tare: ") + error.what() + "\n");
        return static_cast<int>(tare::ExitCode::run_failed);
    }
}
