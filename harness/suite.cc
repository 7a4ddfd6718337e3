// SPDX-License-Identifier: Apache-2.0
#include "harness/suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <tuple>

#include "core/complete.h"
#include "core/config_table.h"
#include "core/csv.h"
#include "core/wire/request.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 7> cell_keys{"variant", "build", "op", "key_bytes", "value_bytes", "pipeline", "requests"};
constexpr std::array<std::string_view, 3> suite_keys{"description", "include", "cells"};
constexpr std::array<std::string_view, 2> builds{"counted", "timed"};
// What a lockstep client can ask for (harness/load/conversation.h).
constexpr std::array<std::string_view, 6> operations{"get_hit", "get_miss", "set", "set_noreply", "delete", "mget"};

// A key must leave room for the number that tells it from the others (harness/load/conversation.h).
constexpr std::uint64_t key_bytes_least = 4;
constexpr std::uint64_t requests_max = 10'000'000;
constexpr std::uint64_t pipeline_max = 1024;

// The variants that a name, an alias or a pattern (fnmatch(3): `epoll/*/*`) means, in the servers' order.
std::vector<std::string> meant(const ConfigTable& table, const VariantNames& variants) {
    std::vector<std::string> names;
    for (const std::string& text : table.texts("variant")) {
        bool known_name = false;
        for (const std::string& known : variants.names) {
            const auto alias = variants.aliases.find(text);
            const std::string& pattern = alias == variants.aliases.end() ? text : alias->second;
            if (::fnmatch(pattern.c_str(), known.c_str(), 0) != 0) continue;
            known_name = true;
            if (std::find(names.begin(), names.end(), known) == names.end()) names.push_back(known);
        }
        if (!known_name)
            throw table.wrong("variant",
                              fmt::format("variant is '{}', which is none of: {}", text, fmt::join(variants.names, ", ")));
    }
    return names;
}

void add_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants) {
    table.allow(cell_keys);
    const std::uint64_t requests = table.count("requests", 1, requests_max);
    const bool pipelined = table.has("pipeline");
    const std::vector<std::uint64_t> pipelines =
        pipelined ? table.counts("pipeline", 1, pipeline_max) : std::vector<std::uint64_t>{1};
    std::set<CellKey> seen;
    for (const Cell& cell : suite.cells) seen.insert(cell.key);
    for (const std::string& variant : meant(table, variants))
        for (const std::string& build : table.texts("build", builds))
            for (const std::uint64_t key_bytes : table.counts("key_bytes", key_bytes_least, wire::key_bytes_max))
                for (const std::uint64_t value_bytes : table.counts("value_bytes", 0, wire::value_bytes_max))
                    for (const std::uint64_t pipeline : pipelines)
                        for (const std::string& op : table.texts("op", operations)) {
                            if (requests % pipeline != 0)
                                throw table.wrong("requests",
                                                  fmt::format("requests is {}, no multiple of pipeline {}", requests, pipeline));
                            if (pipeline > 1 && op == name_of(Operation::delete_hit))
                                throw table.wrong("pipeline", "a delete cannot be pipelined");
                            Cell cell;
                            cell.workload = {*operation_named(op), key_bytes, value_bytes, pipeline};
                            cell.key = {parse_variant_name(variant), build, op, key_bytes, value_bytes, 1, pipeline, "lockstep"};
                            cell.requests = requests;
                            if (!seen.insert(cell.key).second)
                                throw table.wrong("variant", "the cell '" + to_string(cell) + "' stands twice");
                            suite.cells.push_back(cell);
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

}  // namespace

std::string to_string(const Cell& cell) {
    const std::string text = fmt::format("{} {} {} {} {}", to_string(cell.key.variant), cell.key.build, cell.key.op,
                                         cell.key.key_bytes, cell.key.value_bytes);
    return cell.key.pipeline == 1 ? text : fmt::format("{} x{}", text, cell.key.pipeline);
}

Suite parse_suite(std::string_view text, const std::string& name, const std::string& where, const VariantNames& variants) {
    const toml::table root = parse_toml(text, where);
    const ConfigTable table(root, where);
    table.allow(suite_keys);
    Suite suite{name, table.text("description"), sha256_hex(text), {}};
    if (table.has("include")) {
        for (const std::string& other : table.texts("include", names_of_built_in_suites()))
            include(suite, load_suite(other, variants));
    }
    if (table.has("cells") || suite.cells.empty())
        for (const ConfigTable& cells : table.tables("cells")) add_cells(suite, cells, variants);
    // A server and its probes take longer to come and go than a cell takes to be counted: its cells stand together.
    std::stable_sort(suite.cells.begin(), suite.cells.end(), [](const Cell& left, const Cell& right) {
        return std::tie(left.key.variant, left.key.build) < std::tie(right.key.variant, right.key.build);
    });
    return suite;
}

Suite load_suite(const std::string& name_or_path, const VariantNames& variants) {
    for (const BuiltInSuite& suite : built_in_suites()) {
        if (suite.name == name_or_path)
            return parse_suite(suite.text, name_or_path, fmt::format("harness/suites/{}.toml", suite.name), variants);
    }
    const std::filesystem::path path = name_or_path;
    if (!std::filesystem::is_regular_file(path))
        throw usage_error("'" + name_or_path + "' is neither a suite nor a file; suites:" + known_suites());
    return parse_suite(read_file(path), path.stem().string(), path.string(), variants);
}

}  // namespace tare
