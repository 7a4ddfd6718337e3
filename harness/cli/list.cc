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
    CLI::App* const command = app.add_subcommand("list", "What there is, one per line");
    command->require_subcommand(1);
    command->add_subcommand("servers", "variants that can be served and run")->callback(list_servers);
    command->add_subcommand("suites", "suites that tare run knows by name")->callback(list_suites);
    command->add_subcommand("probes", "instruments that watch a server")->callback(list_probes);
    command->add_subcommand("metrics", "quantities that a run can hold, with their units")->callback(list_metrics);
}

}  // namespace tare::cli
