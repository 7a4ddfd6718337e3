// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/metric.h"
#include "harness/cli/commands.h"
#include "harness/reference_servers.h"
#include "harness/suite.h"
#include "probes/catalogue.h"

namespace tare::cli {
namespace {

void row(std::string_view name, std::string_view description) { fmt::print("{:40} {}\n", name, description); }

void list_servers() {
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    for (const auto& variant : servers.variants()) row(variant.name, variant.description);
    for (const auto& [alias, variant] : servers.names().aliases) row(alias, "another name for " + variant);
}

void list_suites() {
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    for (const BuiltInSuite& suite : built_in_suites())
        row(suite.name, load_suite(std::string(suite.name), servers.names()).description);
}

void list_probes() {
    for (const ProbeInfo& info : probe_catalogue()) row(info.name, fmt::format("{}: {}", info.source, info.description));
}

void list_metrics() {
    for (const Metric& metric : metrics) row(metric.name, fmt::format("[{}] {}", metric.unit, metric.description));
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
