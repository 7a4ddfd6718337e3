// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <tuple>

#include "core/config_table.h"
#include "core/nearest_name.h"
#include "core/standard_streams.h"
#include "harness/bench/cases.h"
#include "harness/bench/command_table.h"
#include "harness/bench/counter_tables.h"
#include "harness/bench/server_table.h"
#include "run/complete.h"
#include "run/csv.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 14> suite_keys{"description", "include", "case_study", "claims",  "calibrate",
                                                      "timeout_s",   "counter", "protocol",   "server",  "client",
                                                      "command",     "cells",   "load",       "contrast"};
constexpr std::uint64_t timeout_s_max = 3600;
constexpr std::array<std::string_view, 1> case_studies{"overhead-analysis"};
std::vector<std::string_view> names_of_built_in_suites() {
    std::vector<std::string_view> names;
    for (const BuiltInSuite& suite : built_in_suites()) names.push_back(suite.name);
    return names;
}

// The cells of another suite, but for those that are there already: the first that asks decides how many requests.
void include(Suite& suite, const Suite& other) {
    suite.sha256 = sha256_hex(suite.sha256 + other.sha256);
    suite.servers.insert(other.servers.begin(), other.servers.end());
    suite.commands.insert(other.commands.begin(), other.commands.end());
    suite.clients.insert(other.clients.begin(), other.clients.end());
    include_counters(suite.counters, other.counters);
    suite.calibrates = suite.calibrates || other.calibrates;
    if (suite.case_study.empty()) suite.case_study = other.case_study;
    std::set<CellKey> seen;
    for (const Cell& cell : suite.cells) seen.insert(cell.key);
    for (const Cell& cell : other.cells) {
        if (seen.insert(cell.key).second) suite.cells.push_back(cell);
    }
    for (const Contrast& contrast : other.contrasts) {
        const bool stands = std::any_of(suite.contrasts.begin(), suite.contrasts.end(),
                                        [&](const Contrast& each) { return each.name == contrast.name; });
        if (!stands) suite.contrasts.push_back(contrast);
    }
}

// Beside the suite's own file, from which a relative path leads.
void read_claims(Suite& suite, const ConfigTable& table, const std::string& where) {
    const std::filesystem::path path = std::filesystem::path(where).parent_path() / table.text("claims");
    if (!std::filesystem::is_regular_file(path)) throw table.wrong("claims", path.string() + ": no such claims file");
    suite.claims_path = path.string();
    suite.claims = read_file(path);
}

std::string known_suites() {
    std::string names;
    for (const BuiltInSuite& suite : built_in_suites()) names += fmt::format("\n  {}", suite.name);
    return names;
}

// A file of that name is meant where there is one.
bool is_former_name(const std::string& name_or_path) {
    return name_or_path == "seed" && !std::filesystem::is_regular_file(name_or_path);
}

std::string text_of_suite_file(const std::string& path) {
    if (!std::filesystem::is_regular_file(path))
        throw usage_error("'" + path + "' is neither a suite nor a file" + did_you_mean(path, names_of_built_in_suites()) +
                          "\nsuites:" + known_suites());
    return read_file(path);
}

std::string path_in_source(const BuiltInSuite& suite) { return fmt::format("harness/bench/suites/{}.toml", suite.name); }

}  // namespace

std::string description_of(const BuiltInSuite& suite) {
    const toml::table root = parse_toml(suite.text, path_in_source(suite));
    return ConfigTable(root, path_in_source(suite)).text("description");
}

Suite parse_suite(std::string_view text, const std::string& name, const std::string& where, const VariantNames& variants) {
    const toml::table root = parse_toml(text, where);
    const ConfigTable table(root, where);
    table.allow(suite_keys);
    Suite suite{.name = name, .description = table.text("description"), .sha256 = sha256_hex(text)};
    if (table.has("include")) {
        for (const std::string& other : table.texts("include", names_of_built_in_suites()))
            include(suite, load_suite(other, variants));
    }
    if (table.has("case_study")) suite.case_study = table.text("case_study", case_studies);
    if (table.has("claims")) read_claims(suite, table, where);
    if (table.has("calibrate")) suite.calibrates = table.flag("calibrate");
    if (table.has("timeout_s")) suite.timeout = std::chrono::seconds(table.count("timeout_s", 1, timeout_s_max));
    if (const auto counters = table.table("counter")) add_counters(suite.counters, *counters);
    add_servers(suite.servers, table);
    for (const auto& [own, server] : suite.servers) {
        if (variants.aliases.contains(own))
            throw table.table("server")->wrong(own, fmt::format("server '{}' has the name of a variant of tare's own", own));
    }
    suite.clients.merge(read_clients(table));
    if (const auto commands = table.table("command")) add_commands(suite, *commands);
    StandingCells standing = standing_cells(suite);
    const bool others = !suite.cells.empty() || !suite.contrasts.empty() || table.has("load") || table.has("contrast");
    if (table.has("cells") || !others)
        for (const ConfigTable& cells : table.tables("cells")) add_lockstep_cells(suite, cells, variants, standing);
    if (table.has("load"))
        for (const ConfigTable& cells : table.tables("load")) add_load_cells(suite, cells, variants, standing);
    if (table.has("contrast"))
        for (const ConfigTable& contrast : table.tables("contrast")) add_contrasts(suite, contrast, variants);
    // Lockstep comes first. A server and its probes take longer to come and go than a cell takes to be counted: its cells stand
    // together.
    std::stable_sort(suite.cells.begin(), suite.cells.end(), [](const Cell& left, const Cell& right) {
        const bool left_load = left.passes() > 0;
        const bool right_load = right.passes() > 0;
        return std::tie(left_load, left.key.variant, left.key.build) < std::tie(right_load, right.key.variant, right.key.build);
    });
    return suite;
}

Suite suite_of_command(const std::vector<std::string>& words) {
    const std::string& program = words.front();
    Suite suite;
    suite.name = "command";
    suite.description = fmt::format("{}", fmt::join(words, " "));
    suite.sha256 = sha256_hex(suite.description);
    CommandSubject command;
    command.argv = words;
    add_command(suite, program.substr(program.rfind('/') + 1), command);
    return suite;
}

bool has_rooted_subjects(const std::string& name_or_path) {
    const auto names = names_of_built_in_suites();
    if (is_former_name(name_or_path)) return false;
    if (std::find(names.begin(), names.end(), name_or_path) != names.end()) return false;
    const toml::table root = parse_toml(text_of_suite_file(name_or_path), name_or_path);
    const ConfigTable table(root, name_or_path);
    Suite described;
    add_servers(described.servers, table);
    if (const auto commands = table.table("command")) add_commands(described, *commands);
    return std::any_of(described.servers.begin(), described.servers.end(),
                       [](const auto& each) { return needs_root(each.second); }) ||
           std::any_of(described.commands.begin(), described.commands.end(),
                       [](const auto& each) { return needs_root(each.second); });
}

Suite load_suite(const std::string& name_or_path, const VariantNames& variants) {
    if (is_former_name(name_or_path)) {
        say("tare: suite seed is called overhead-analysis now\n");
        return load_suite("overhead-analysis", variants);
    }
    for (const BuiltInSuite& suite : built_in_suites()) {
        if (suite.name == name_or_path) return parse_suite(suite.text, name_or_path, path_in_source(suite), variants);
    }
    const std::string text = text_of_suite_file(name_or_path);
    const std::filesystem::path path = name_or_path;
    return parse_suite(text, path.stem().string(), path.string(), variants);
}

}  // namespace tare
