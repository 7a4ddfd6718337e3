// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/metric.h"
#include "core/output.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/suite.h"
#include "harness/cli/commands.h"
#include "probes/catalogue.h"

namespace tare::cli {
namespace {

std::string row(std::string_view name, std::string_view description) { return fmt::format("{:40} {}\n", name, description); }

void list_servers() {
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    std::string text;
    for (const auto& variant : servers.variants()) text += row(variant.name, variant.description);
    for (const auto& [alias, variant] : servers.names().aliases) text += row(alias, "another name for " + variant);
    write_stdout(text);
}

void list_suites() {
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    std::string text;
    for (const BuiltInSuite& suite : built_in_suites())
        text += row(suite.name, load_suite(std::string(suite.name), servers.names()).description);
    write_stdout(text);
}

void list_probes() {
    std::string text;
    for (const ProbeInfo& info : probe_catalogue()) text += row(info.name, fmt::format("{}: {}", info.source, info.description));
    write_stdout(text);
}

void list_metrics() {
    std::string text;
    for (const Metric& metric : metrics) text += row(metric.name, fmt::format("[{}] {}", metric.unit, metric.description));
    write_stdout(text);
}

}  // namespace

void add_list(CLI::App& app) {
    CLI::App* const command = add_command(app, "list", "What there is, one per line");
    command->require_subcommand(1);
    add_command(*command, "servers", "variants that can be served and run")->callback(list_servers);
    add_command(*command, "suites", "suites that tare run knows by name")->callback(list_suites);
    add_command(*command, "probes", "instruments that watch a server")->callback(list_probes);
    add_command(*command, "metrics", "quantities that a run can hold, with their units")->callback(list_metrics);
}

}  // namespace tare::cli
