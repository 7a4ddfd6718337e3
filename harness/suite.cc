// SPDX-License-Identifier: Apache-2.0
#include "harness/suite.h"

#include <fmt/format.h>

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

constexpr std::array<std::string_view, 6> cell_keys{"variant", "build", "op", "key_bytes", "value_bytes", "requests"};
constexpr std::array<std::string_view, 2> suite_keys{"description", "cells"};
constexpr std::array<std::string_view, 2> builds{"counted", "timed"};
// What a lockstep client can ask for (harness/load/conversation.h).
constexpr std::array<std::string_view, 4> operations{"get_hit", "get_miss", "set", "set_noreply"};

// A key must leave room for the number that tells it from the others (harness/load/conversation.h).
constexpr std::uint64_t key_bytes_least = 4;
constexpr std::uint64_t requests_max = 10'000'000;

void add_cells(Suite& suite, const ConfigTable& table, std::span<const std::string_view> variants) {
    table.allow(cell_keys);
    for (const std::string& variant : table.texts("variant", variants))
        for (const std::string& build : table.texts("build", builds))
            for (const std::uint64_t key_bytes : table.counts("key_bytes", key_bytes_least, wire::key_bytes_max))
                for (const std::uint64_t value_bytes : table.counts("value_bytes", 0, wire::value_bytes_max))
                    for (const std::string& op : table.texts("op", operations))
                        for (const std::uint64_t requests : table.counts("requests", 1, requests_max)) {
                            Cell cell;
                            cell.workload = {*operation_named(op), key_bytes, value_bytes, 1};
                            cell.key = {parse_variant_name(variant), build, op, key_bytes, value_bytes, 1, 1, "lockstep"};
                            cell.requests = requests;
                            suite.cells.push_back(cell);
                        }
}

std::string known_suites() {
    std::string names;
    for (const BuiltInSuite& suite : built_in_suites()) names += fmt::format("\n  {}", suite.name);
    return names;
}

}  // namespace

std::string to_string(const Cell& cell) {
    return fmt::format("{} {} {} {} {}", to_string(cell.key.variant), cell.key.build, cell.key.op, cell.key.key_bytes,
                       cell.key.value_bytes);
}

Suite parse_suite(std::string_view text, const std::string& name, const std::string& where,
                  std::span<const std::string_view> variants) {
    const toml::table root = parse_toml(text, where);
    const ConfigTable table(root, where);
    table.allow(suite_keys);
    Suite suite{name, table.text("description"), sha256_hex(text), {}};
    for (const ConfigTable& cells : table.tables("cells")) add_cells(suite, cells, variants);
    // A server and its probes take longer to come and go than a cell takes to be counted: its cells stand together.
    std::stable_sort(suite.cells.begin(), suite.cells.end(), [](const Cell& left, const Cell& right) {
        return std::tie(left.key.variant, left.key.build) < std::tie(right.key.variant, right.key.build);
    });
    std::set<CellKey> seen;
    for (const Cell& cell : suite.cells) {
        if (!seen.insert(cell.key).second) throw usage_error(where + ": the cell '" + to_string(cell) + "' stands twice");
    }
    return suite;
}

Suite load_suite(const std::string& name_or_path, std::span<const std::string_view> variants) {
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
