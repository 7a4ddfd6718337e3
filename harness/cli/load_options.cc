// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/load_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/cli/duration.h"
#include "harness/cli/finite_number.h"
#include "harness/cli/load_target.h"
#include "harness/cli/option_table.h"
#include "harness/process/cpu_affinity.h"

namespace tare::cli {
namespace {

constexpr double default_duration_s = 5;
constexpr double duration_max_s = 86400;
constexpr double duration_min_s = 1e-6;
constexpr double rate_max_per_s = 1e9;
constexpr double zipf_exponent_max = 100;

std::uint64_t nanoseconds(double seconds) { return static_cast<std::uint64_t>(std::llround(seconds * 1e9)); }

// "get_hit=9,set=1"; a name alone weighs 1.
std::vector<LoadPlan::Share> parse_mix(std::string_view text) {
    std::vector<LoadPlan::Share> mix;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const std::string_view name = item.substr(0, item.find('='));
        const auto operation = operation_named(name);
        if (!operation)
            throw usage_error(fmt::format("--mix: '{}' is no operation; there are: {}{}", name, fmt::join(operation_names, ", "),
                                          did_you_mean(name, operation_names)));
        double weight = 1;
        if (name.size() < item.size()) {
            const char* const end = item.data() + item.size();
            const auto [at, error] = std::from_chars(item.data() + name.size() + 1, end, weight);
            if (error != std::errc{} || at != end)
                throw usage_error(fmt::format("--mix: '{}' has no number as its weight", item));
        }
        mix.push_back({*operation, weight});
    }
    return mix;
}

std::vector<int> chosen_cores(const LoadOptions& options) {
    const std::vector<int> cores = allowed_cores();
    for (const int cpu : options.plan.cpus) {
        if (std::find(cores.begin(), cores.end(), cpu) == cores.end())
            throw usage_error(fmt::format("--cpus: core {} may not be used", cpu));
    }
    if (!options.plan.cpus.empty()) return options.plan.cpus;
    if (options.threads > cores.size())
        throw usage_error(fmt::format("--threads {}: this process may use {} cores", options.threads, cores.size()));
    // With a server of its own, the two are to stay apart.
    const std::size_t count = options.threads > 0 ? options.threads : options.server.empty() ? 0 : 1;
    return {cores.begin(), cores.begin() + static_cast<std::ptrdiff_t>(count)};
}

// The server and what it speaks.
void aim(LoadPlan& plan, const LoadOptions& options, bool protocol_was_named) {
    plan.protocol = *protocol_named(options.protocol);
    if (!options.target.empty()) {
        const LoadTarget target = parse_target(options.target);
        plan.server = target.endpoint;
        plan.http = target.http;
        if (target.protocol && protocol_was_named && !plan.protocol.is(*target.protocol))
            throw usage_error(fmt::format("--protocol {} and {} say two things", options.protocol, options.target));
        if (target.protocol) plan.protocol = *target.protocol;
    } else if (!options.unix_socket.empty()) {
        plan.server.transport = Transport::unix_stream;
        plan.server.path = options.unix_socket;
    } else if (!options.host.empty()) {
        plan.server.host = address_of(options.host);
        const bool is_ipv6 = options.host.find(':') != std::string::npos;
        plan.http.host = fmt::format("{}:{}", is_ipv6 ? "[" + options.host + "]" : options.host, plan.server.port);
    }
    const bool is_named = plan.server.transport == Transport::unix_stream || plan.server.port != 0;
    if (options.server.empty() && !is_named)
        throw usage_error("load needs a server: --server VARIANT, --port N (with --host), --unix PATH, or a target");
}

}  // namespace

LoadPlan plan_of(const LoadOptions& options, const CLI::App& command) {
    LoadPlan plan = options.plan;
    plan.mix = parse_mix(options.mix);
    aim(plan, options, command.count("--protocol") > 0);
    plan.files = options.files;
    if (command.count("--zipf") > 0) plan.popularity.zipf_exponent = options.zipf_exponent;
    plan.cpus = chosen_cores(options);
    plan.client_io = *client_io_named(options.client_io);
    return plan;
}

LoadWindow window_of(const LoadOptions& options) {
    LoadWindow window;
    window.requests = options.requests;
    window.duration_ns = nanoseconds(options.duration_s);
    if (window.duration_ns == 0 && window.requests == 0) window.duration_ns = nanoseconds(default_duration_s);
    if (options.rate_per_s > 0)
        window.open_loop =
            LoadWindow::OpenLoop{options.rate_per_s, options.arrivals == "constant" ? Arrivals::constant : Arrivals::poisson};
    return window;
}

LoadWindow warm_up_of(const LoadOptions& options) {
    LoadWindow warm_up = window_of(options);
    warm_up.requests = 0;
    warm_up.duration_ns = nanoseconds(options.warm_up_s);
    return warm_up;
}

void add_load_options(CLI::App& command, LoadOptions& options) {
    LoadPlan& plan = options.plan;
    CLI::Option* const target = command.add_option("TARGET", options.target,
                                                   "a server that runs: http://HOST[:PORT][/FOLDER], redis://HOST[:PORT], "
                                                   "memcached://HOST[:PORT], unix:///PATH, or HOST:PORT");
    CLI::Option* const server =
        command.add_option("--server", options.server, "a reference server (tare list servers), started for the time")
            ->type_name(value::variant)
            ->excludes(target);
    CLI::Option* const port = command.add_option("-p,--port", plan.server.port, "of a server that runs")
                                  ->check(whole_number(1, 65535))
                                  ->excludes(target)
                                  ->excludes(server);
    CLI::Option* const host = command.add_option("--host", options.host, "of the server at --port; 127.0.0.1 without it")
                                  ->type_name("HOST")
                                  ->needs(port);
    command.add_option("--unix", options.unix_socket, "the socket of a server that runs")
        ->type_name(value::file)
        ->excludes(target)
        ->excludes(server)
        ->excludes(port)
        ->excludes(host);
    takes_one_of(command.add_option("--protocol", options.protocol, "that a server speaks which runs; redis speaks resp"),
                 protocol_names)
        ->capture_default_str()
        ->excludes(server);
    command
        .add_option(
            "--files", options.files,
            "of an HTTP server: the folder where it looks for the keys' values, which are written there, and removed at the "
            "end")
        ->type_name(value::folder)
        ->check(CLI::ExistingDirectory.description(""));
    command.add_option("--name", options.name, "what a server that runs is called in the output")
        ->type_name("NAME")
        ->capture_default_str();
    command.add_option("-c,--connections", plan.connections, "of all threads together")
        ->check(whole_number(1))
        ->capture_default_str();
    command.add_option("--pipeline", plan.pipeline, "requests in flight on one connection, at most")
        ->check(whole_number(1))
        ->capture_default_str();
    CLI::Option* const threads =
        command
            .add_option("-t,--threads", options.threads, "each on a core of its own; without it one, where the scheduler puts it")
            ->check(whole_number(1));
    command.add_option("--cpus", plan.cpus, "cores, one thread on each")->type_name("N,...")->delimiter(',')->excludes(threads);
    takes_one_of(command.add_option(
                     "--client-io", options.client_io,
                     "by what the load is sent and received; auto: io_uring where this kernel has it and allows it, else epoll"),
                 client_io_names)
        ->capture_default_str();
    takes_duration(command.add_option("-d,--duration", options.duration_s, "length of the window; 5s unless --requests is given"),
                   duration_min_s, duration_max_s);
    command.add_option("-n,--requests", options.requests, "ends the window after so many")->check(whole_number(1));
    takes_duration(command.add_option("--warm-up", options.warm_up_s, "time of the same load before the window"), 0,
                   duration_max_s)
        ->default_str(duration_text(options.warm_up_s));
    command.add_option("-r,--rate", options.rate_per_s, "open loop: requests due per second; without it a closed loop")
        ->check(number_within(1, rate_max_per_s));
    takes_one_of(command.add_option("--arrivals", options.arrivals, "of an open loop"), {"poisson", "constant"})
        ->capture_default_str();
    command.add_option("--keys", plan.key_count, "how many there are")->check(whole_number(1))->capture_default_str();
    command.add_option("--zipf", options.zipf_exponent, "popularity by Zipf with this exponent; uniform without it")
        ->check(number_within(0, zipf_exponent_max));
    command.add_option("--key-bytes", plan.key_bytes, "size of a key")->check(whole_number(0))->capture_default_str();
    command.add_option("--value-bytes", plan.value_bytes, "size of a value, or several that the keys take in turn")
        ->type_name("N,...")
        ->check(whole_number(0))
        ->delimiter(',')
        ->default_str("64");
    command.add_option("--mix", options.mix, "operations with their weights, as get_hit=9,set=1")
        ->type_name("OP=WEIGHT,...")
        ->capture_default_str();
    command.add_option("--seed", plan.seed, "of all that is drawn at random")->check(whole_number(0))->capture_default_str();
    command
        .add_option("--histogram", options.histogram,
                    "writes the latencies to this file, as HdrHistogram percentiles in microseconds")
        ->type_name(value::file);
    takes_one_of(command.add_option("--format", options.format, "csv has the columns of observations.csv"),
                 {"text", "csv", "json"})
        ->capture_default_str();
}

}  // namespace tare::cli
