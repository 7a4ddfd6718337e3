// SPDX-License-Identifier: Apache-2.0
// `tare load`: one window of load on a server that listens already, or on a reference server that lives as long as it.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "core/error.h"
#include "core/output.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "harness/bench/validity_flags.h"
#include "harness/cli/commands.h"
#include "harness/cli/load_options.h"
#include "harness/cli/load_output.h"
#include "harness/load/percentile_file.h"
#include "harness/load/protocols/fixed_reply.h"
#include "harness/load/protocols/spoken_at.h"
#include "harness/load/protocols/value_files.h"
#include "harness/process/cpu_affinity.h"
#include "harness/process/descriptor_limit.h"
#include "harness/process/interrupt.h"
#include "harness/process/progress.h"
#include "probes/counters/cpu_time.h"

namespace tare::cli {
namespace {

bool is_null(const LoadOptions& options) { return options.server.starts_with("null/"); }

std::unique_ptr<ServerProcess> start_server(const LoadOptions& options, const LoadPlan& plan) {
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    allow_connections(plan.connections);  // the server inherits the limit
    std::vector<std::string> command{servers.program(Build::timed), options.server};
    const int cpu = allowed_cores().back();
    if (!is_null(options)) return std::make_unique<ServerProcess>(command, cpu);
    const FixedReply reply = fixed_reply_to(plan);
    const auto more = reply.arguments();
    command.insert(command.end(), more.begin(), more.end());
    return std::make_unique<ServerProcess>(command, cpu);
}

// Shows the time that passes until it goes, a step a tick; for work whose length is known.
class Ticker {
public:
    Ticker(Progress& progress, std::string stage)
        : thread_([&progress, stage = std::move(stage)](const std::stop_token& over) {
              while (!over.stop_requested()) {
                  progress.step(stage, stage);
                  std::this_thread::sleep_for(std::chrono::nanoseconds(tick_ns));
              }
          }) {}

    static constexpr std::uint64_t tick_ns = 100'000'000;

private:
    std::jthread thread_;
};

LoadReport measure(const LoadOptions& options, const LoadPlan& plan, ServerProcess* server) {
    LoadReport report{{}, plan, window_of(options), {}, std::uint64_t{0}, false};
    const LoadWindow warm_up = warm_up_of(options);
    with_exit_report("", server, [&] {
        LoadClient client(plan);
        catch_interrupts();  // the client asks for them, too
        if (!is_null(options)) client.prepare();
        Progress progress((warm_up.duration_ns + report.window.duration_ns) / Ticker::tick_ns + 1);
        if (warm_up.duration_ns > 0 && !interrupted()) {
            const Ticker ticker(progress, "warm-up");
            client.run(warm_up);
        }
        if (interrupted()) throw run_failed("interrupted before the window began; nothing was measured");
        const Ticker ticker(progress, "load");
        const auto clock = server == nullptr ? nullptr : attach_cpu_time(Target(server->pid()));
        const Measured<std::uint64_t> stolen_before_ns = stolen_ns();
        const Snapshot server_before = clock ? clock->read() : Snapshot();
        report.result = client.run(report.window);
        if (clock) report.server_cpu_ns = clock->read().minus(server_before).total("cpu_ns");
        report.stolen_ns = stolen_ns() - stolen_before_ns;
    });
    report.interrupted = interrupted();
    return report;
}

// A server that does not understand what it is asked may speak another protocol, which it is then asked for.
LoadReport measured_or_explained(const LoadOptions& options, const LoadPlan& plan, ServerProcess* server) {
    try {
        return measure(options, plan, server);
    } catch (const Error& error) {
        if (error.code() != ExitCode::run_failed || server != nullptr || interrupted()) throw;
        const std::optional<ProtocolKind> spoken = spoken_at(plan.server);
        if (!spoken || plan.protocol.is(*spoken)) throw;
        throw run_failed(fmt::format("{}\n{} speaks {}: --protocol {}", error.what(), to_string(plan.server), name_of(*spoken),
                                     name_of(*spoken)));
    }
}

CellKey cell_of(const LoadOptions& options, const LoadPlan& plan) {
    CellKey cell;
    cell.variant = options.server.empty() ? VariantName{options.name, "", ""} : parse_variant_name(options.server);
    cell.build = options.server.empty() ? Build::external : Build::timed;
    cell.op = plan.mix.size() == 1 ? std::string(name_of(plan.mix.front().operation)) : options.mix;
    cell.key_bytes = plan.key_bytes;
    cell.value_bytes = plan.value_bytes.front();
    cell.connections = plan.connections;
    cell.pipeline = plan.pipeline;
    cell.mode = Mode::load;
    return cell;
}

// Where it all goes; opened before there is load.
struct Outputs {
    explicit Outputs(const LoadOptions& options) : report("") {
        if (!options.histogram.empty()) histogram.emplace(options.histogram, "--histogram");
    }
    void write(const LoadOptions& options, const LoadReport& measured) {
        const auto form = options.format == "csv" ? load_csv : options.format == "json" ? load_json : load_text;
        std::vector<std::pair<Output*, std::string>> texts{{&report, form(measured)}};
        const bool any = measured.result.latency_ns.count() > 0;
        if (histogram && any) texts.emplace_back(&*histogram, percentile_text(measured.result.latency_ns));
        write_each(texts);
        if (histogram && !any) throw run_failed("--histogram: no reply was measured");
    }

    Output report;
    std::optional<Output> histogram;
};

void load(const LoadOptions& options, const CLI::App& command) {
    LoadPlan plan = plan_of(options, command);
    if (options.format == "csv" && plan.value_bytes.size() > 1)
        throw usage_error("--format csv: a row has one value_bytes; use json for several");
    Outputs outputs(options);
    std::unique_ptr<ServerProcess> server;
    if (!options.server.empty()) {
        server = start_server(options, plan);
        plan.server = server->port();
    }
    std::optional<TemporaryValueFiles> files;
    if (needs_value_files(plan)) {
        catch_interrupts();  // what is written is removed
        files.emplace(plan);
    }
    LoadReport report = measured_or_explained(options, plan, server.get());
    report.cell = cell_of(options, plan);
    outputs.write(options, report);
}

}  // namespace

void add_load(CLI::App& app) {
    const auto options = std::make_shared<LoadOptions>();
    CLI::App* const command = add_command(
        app, "load",
        {"Generate load on a server and verify every reply",
         "Opens the connections, stores the keys, and sends requests for a time or a number of them: in a closed loop as fast as "
         "replies "
         "come, with --rate in an open loop, where latency counts from when a request was due. Every byte of every reply is "
         "verified. It prints throughput, latency, its own CPU per request and, as marks, what makes the numbers doubtful. "
         "Ctrl-C ends the window early and prints what was measured.",
         {{"tare load --server uring/ideal -c 64 -d 10s", "a reference server, started for it"},
          {"tare load redis://127.0.0.1:6379 -c 16 --mix get_hit=9,set=1", "a server that runs already"},
          {"tare load http://127.0.0.1:8080 --files /var/www/html -r 5000", "files of an HTTP server, 5000 requests a second"}}});
    add_load_options(*command, *options);
    command->callback([options, command] {
        if (!options->server.empty()) options->server = ReferenceServers::beside_this_program().variant_named(options->server);
        load(*options, *command);
    });
}

}  // namespace tare::cli
