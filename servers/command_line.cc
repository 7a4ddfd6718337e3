// SPDX-License-Identifier: Apache-2.0
#include "servers/command_line.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "core/error.h"
#include "core/output.h"

namespace tare {
namespace {

void declare(CLI::App& app, Arguments& arguments) {
    app.add_option("VARIANT", arguments.variant, "SERVER/WIRING/RUNG, as --list names them");
    app.add_option("--port", arguments.server.port, "port on 127.0.0.1; 0 takes any free one")->capture_default_str();
    app.add_option("--memory-mib", arguments.memory_mib, "memory of the store")
        ->capture_default_str()
        ->check(CLI::Range(2, 65536));
    app.add_option("--ledger", arguments.server.ledger_path, "file to map the ledger's page from (counted build)");
    app.add_option("--ring-entries", arguments.server.ring_entries, "io_uring: submission queue")
        ->capture_default_str()
        ->check(CLI::Range(1, 32768));
    app.add_option("--completion-entries", arguments.server.completion_entries, "io_uring: completion queue")
        ->capture_default_str()
        ->check(CLI::Range(1, 65536));
    app.add_option("--provided-buffers", arguments.server.provided_buffers, "io_uring: buffers of 64 KiB, a power of two")
        ->capture_default_str()
        ->check(CLI::Range(1, 32768));
    app.add_option("--poll-cpu", arguments.server.poll_cpu, "io_uring: core of the submission thread, for sqpoll; -1: any")
        ->capture_default_str();
    app.add_option("--poll-idle-ms", arguments.server.poll_idle_ms, "io_uring: how long sqpoll spins without work")
        ->capture_default_str()
        ->check(CLI::Range(0, 60000));
    app.add_option("--fixed-request-bytes", arguments.server.fixed_request_bytes,
                   "null: bytes of a request; 0 makes every line one");
    app.add_option("--fixed-reply", arguments.fixed_reply_path, "null: file with the reply; END by default");
    app.add_flag("--list", arguments.list, "print every variant and what it is, then exit");
    app.add_flag("--settings", arguments.settings, "print the settings as CSV, then exit");
    app.add_option("--predict", arguments.predict_operation,
                   "print what one request of this operation should cost, as CSV, then exit");
    app.add_option("--key-bytes", arguments.workload.key_bytes, "for --predict")->capture_default_str();
    app.add_option("--value-bytes", arguments.workload.value_bytes, "for --predict")->capture_default_str();
    app.add_option("--pipeline", arguments.workload.pipeline, "for --predict: requests that arrive together")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
}

}  // namespace

std::optional<int> parse_command_line(int argc, char** argv, Arguments& arguments) {
    CLI::App app{"A reference server of tare: memcached text on loopback, one thread, one variant."};
    declare(app, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        std::ostringstream text;
        app.exit(asked, text, text);
        write_stdout(text.str());
        return 0;
    } catch (const CLI::ParseError& error) {
        app.exit(error);
        return static_cast<int>(ExitCode::usage);
    }
    return std::nullopt;
}

}  // namespace tare
