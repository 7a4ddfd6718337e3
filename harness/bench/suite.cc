// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <tuple>

#include "core/config_table.h"
#include "core/standard_streams.h"
#include "harness/bench/cases.h"
#include "run/complete.h"
#include "run/csv.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 7> suite_keys{"description", "include", "case_study", "calibrate",
                                                     "server",      "cells",   "load"};
constexpr std::array<std::string_view, 1> case_studies{"overhead-analysis"};
constexpr std::array<std::string_view, 5> server_keys{"argv", "version", "protocol", "files", "config"};

void add_servers(std::map<std::string, ExternalServer>& all, const ConfigTable& servers) {
    for (const std::string& name : servers.keys()) {
        const ConfigTable server = *servers.table(name);
        server.allow(server_keys);
        ExternalServer& described = all[name] = {};
        described.argv = server.texts("argv");
        if (server.has("version")) described.version = server.texts("version");
        if (server.has("protocol")) described.protocol = *protocol_named(server.text("protocol", protocol_names));
        if (server.has("files")) described.files = server.text("files");
        if (server.has("config")) described.config = server.text("config");
        const bool http = described.protocol == ProtocolKind::http;
        if (http != server.has("files"))
            throw server.wrong(http ? "a server of protocol http needs 'files', the folder where it looks for the keys"
                                    : "only a server of protocol http has 'files'");
    }
}

std::vector<std::string_view> names_of_built_in_suites() {
    std::vector<std::string_view> names;
    for (const BuiltInSuite& suite : built_in_suites()) names.push_back(suite.name);
    return names;
}

// The cells of another suite, but for those that are there already: the first that asks decides how many requests.
void include(Suite& suite, const Suite& other) {
    suite.sha256 = sha256_hex(suite.sha256 + other.sha256);
    suite.servers.insert(other.servers.begin(), other.servers.end());
    suite.calibrates = suite.calibrates || other.calibrates;
    if (suite.case_study.empty()) suite.case_study = other.case_study;
    std::set<CellKey> seen;
    for (const Cell& cell : suite.cells) seen.insert(cell.key);
    for (const Cell& cell : other.cells) {
        if (seen.insert(cell.key).second) suite.cells.push_back(cell);
    }
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
        throw usage_error("'" + path + "' is neither a suite nor a file; suites:" + known_suites());
    return read_file(path);
}

}  // namespace

Suite parse_suite(std::string_view text, const std::string& name, const std::string& where, const VariantNames& variants) {
    const toml::table root = parse_toml(text, where);
    const ConfigTable table(root, where);
    table.allow(suite_keys);
    Suite suite{name, table.text("description"), sha256_hex(text), {}, {}, "", false};
    if (table.has("include")) {
        for (const std::string& other : table.texts("include", names_of_built_in_suites()))
            include(suite, load_suite(other, variants));
    }
    if (table.has("case_study")) suite.case_study = table.text("case_study", case_studies);
    if (table.has("calibrate")) suite.calibrates = table.flag("calibrate");
    if (const auto servers = table.table("server")) add_servers(suite.servers, *servers);
    if (table.has("cells") || (suite.cells.empty() && !table.has("load")))
        for (const ConfigTable& cells : table.tables("cells")) add_lockstep_cells(suite, cells, variants);
    if (table.has("load"))
        for (const ConfigTable& cells : table.tables("load")) add_load_cells(suite, cells, variants);
    // Lockstep comes first. A server and its probes take longer to come and go than a cell takes to be counted: its cells stand
    // together.
    std::stable_sort(suite.cells.begin(), suite.cells.end(), [](const Cell& left, const Cell& right) {
        const bool left_load = left.load.has_value();
        const bool right_load = right.load.has_value();
        return std::tie(left_load, left.key.variant, left.key.build) < std::tie(right_load, right.key.variant, right.key.build);
    });
    return suite;
}

std::map<std::string, ExternalServer> servers_of_suite(const std::string& name_or_path) {
    std::map<std::string, ExternalServer> all;
    const auto names = names_of_built_in_suites();
    if (is_former_name(name_or_path)) return all;
    if (std::find(names.begin(), names.end(), name_or_path) != names.end()) return all;
    const toml::table root = parse_toml(text_of_suite_file(name_or_path), name_or_path);
    if (const auto servers = ConfigTable(root, name_or_path).table("server")) add_servers(all, *servers);
    return all;
}

Suite load_suite(const std::string& name_or_path, const VariantNames& variants) {
    if (is_former_name(name_or_path)) {
        say("tare: suite seed is called overhead-analysis now\n");
        return load_suite("overhead-analysis", variants);
    }
    for (const BuiltInSuite& suite : built_in_suites()) {
        if (suite.name == name_or_path)
            return parse_suite(suite.text, name_or_path, fmt::format("harness/bench/suites/{}.toml", suite.name), variants);
    }
    const std::string text = text_of_suite_file(name_or_path);
    const std::filesystem::path path = name_or_path;
    return parse_suite(text, path.stem().string(), path.string(), variants);
}

}  // namespace tare
