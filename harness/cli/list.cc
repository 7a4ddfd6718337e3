// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "core/metric.h"
#include "core/output.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/selection.h"
#include "harness/bench/suite.h"
#include "harness/cli/case_list.h"
#include "harness/cli/commands.h"
#include "harness/cli/option_table.h"
#include "probes/catalogue.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string format = "text";
    std::string suite;
    std::string only;
};

// Rows with `name` and `description`; text has the two, JSON all that a row has.
void print(const Arguments& arguments, const nlohmann::json& rows) {
    if (arguments.format == "json") {
        write_stdout(rows.dump(2) + "\n");
        return;
    }
    std::string text;
    for (const nlohmann::json& row : rows) {
        const std::string unit = row.contains("unit") ? fmt::format("[{}] ", row["unit"].get<std::string>()) : "";
        const std::string source = row.contains("source") ? row["source"].get<std::string>() + ": " : "";
        text +=
            fmt::format("{:40} {}{}{}\n", row["name"].get<std::string>(), unit, source, row["description"].get<std::string>());
    }
    write_stdout(text);
}

nlohmann::json servers() {
    const ReferenceServers reference = ReferenceServers::beside_this_program();
    reference.require();
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& variant : reference.variants())
        rows.push_back({{"name", variant.name}, {"description", variant.description}});
    for (const auto& [alias, variant] : reference.names().aliases)
        rows.push_back({{"name", alias}, {"description", "another name for " + variant}, {"variant", variant}});
    return rows;
}

nlohmann::json suites() {
    nlohmann::json rows = nlohmann::json::array();
    for (const BuiltInSuite& suite : built_in_suites())
        rows.push_back({{"name", suite.name}, {"description", description_of(suite)}});
    return rows;
}

nlohmann::json probes() {
    nlohmann::json rows = nlohmann::json::array();
    for (const ProbeInfo& info : probe_catalogue())
        rows.push_back({{"name", info.name}, {"source", name_of(info.source)}, {"description", info.description}});
    return rows;
}

nlohmann::json all_metrics() {
    nlohmann::json rows = nlohmann::json::array();
    for (const Metric& metric : metrics)
        rows.push_back({{"name", metric.name}, {"unit", metric.unit}, {"description", metric.description}});
    return rows;
}

void print_cases(const Arguments& arguments) {
    Suite suite = load_suite(arguments.suite, ReferenceServers::beside_this_program().names());
    keep_only(suite, arguments.only);
    write_stdout(arguments.format == "json" ? cases_as_json(suite).dump(2) + "\n" : cases_as_text(suite));
}

CLI::App* add_listing(CLI::App& list, const std::string& name, const std::string& summary,
                      const std::shared_ptr<Arguments>& arguments) {
    CLI::App* const command = add_command(list, name, summary);
    takes_one_of(command->add_option("--format", arguments->format, "of what is printed"), {"text", "json"})
        ->capture_default_str();
    return command;
}

}  // namespace

void add_list(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const list = add_command(app, "list",
                                       {"What there is, one per line",
                                        "Prints names with a description. The names are what other commands take: servers for "
                                        "tare serve, load and contrast, suites "
                                        "for tare run and ab, metrics for gates and claims, cases for --only.",
                                        {{"tare list servers", "the variants of the reference servers"},
                                         {"tare list cases gate --only 'uring/.* get_hit'", "what tare run would measure"},
                                         {"tare list metrics --format json", "for a program to read"}}});
    list->require_subcommand(1);
    // Also before the name of what is listed.
    takes_one_of(list->add_option("--format", arguments->format, "of what is printed"), {"text", "json"})->capture_default_str();
    add_listing(*list, "servers", "variants that can be served and run", arguments)->callback([arguments] {
        print(*arguments, servers());
    });
    add_listing(*list, "suites", "suites that tare run knows by name", arguments)->callback([arguments] {
        print(*arguments, suites());
    });
    add_listing(*list, "probes", "instruments that watch a server", arguments)->callback([arguments] {
        print(*arguments, probes());
    });
    add_listing(*list, "metrics", "quantities that a run can hold, with their units", arguments)->callback([arguments] {
        print(*arguments, all_metrics());
    });
    CLI::App* const cases = add_listing(*list, "cases", "cells and contrasts of a suite, and how each is measured", arguments);
    cases->add_option("SUITE", arguments->suite, "a suite's name (tare list suites) or a TOML file")
        ->type_name(value::suite)
        ->required();
    cases->add_option("--only", arguments->only, "only those whose name matches this regular expression")->type_name("REGEX");
    cases->callback([arguments] { print_cases(*arguments); });
}

}  // namespace tare::cli
