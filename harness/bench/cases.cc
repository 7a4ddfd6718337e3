// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/cases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/wire/request.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 9> lockstep_keys{"variant",  "build",    "op",         "key_bytes", "value_bytes",
                                                        "pipeline", "requests", "call_sites", "wrappers"};
constexpr std::array<std::string_view, 15> load_keys{
    "variant",     "build",      "op",   "key_bytes", "value_bytes",       "connections", "pipeline", "repetitions",
    "duration_ms", "warm_up_ms", "keys", "zipf",      "open_loop_percent", "arrivals",    "crosses"};
constexpr std::array<std::string_view, 2> builds{"counted", "timed"};
// What the lockstep client can ask for (harness/load/conversation.h), and what a load cell can: a key is deleted only once, and
// sets without a reply are confirmed by gets, which would be counted with them.
constexpr std::array<std::string_view, 6> lockstep_operations{"get_hit", "get_miss", "set", "set_noreply", "delete", "mget"};
constexpr std::array<std::string_view, 4> load_operations{"get_hit", "get_miss", "set", "mget"};
constexpr std::array<std::string_view, 2> arrival_names{"poisson", "constant"};

// A key must leave room for the number that tells it from the others.
constexpr std::uint64_t key_bytes_least = 4;
constexpr std::uint64_t requests_max = 10'000'000;
constexpr std::uint64_t pipeline_max = 1024;
constexpr std::uint64_t connections_max = 10'000;
constexpr std::uint64_t window_ms_max = 600'000;
constexpr std::uint64_t key_count_max = 10'000'000;
constexpr std::uint64_t default_key_count = 1000;

// The variants that a name, an alias or a pattern (fnmatch(3): `epoll/*/*`) means, in the servers' order, and the suite's
// own servers.
std::vector<std::string> resolve_variants(const Suite& suite, const ConfigTable& table, const VariantNames& variants) {
    std::vector<std::string> names;
    for (const std::string& text : table.texts("variant")) {
        bool known_name = suite.servers.contains(text);
        if (known_name) names.push_back(text);
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

void refuse_lacking(const Suite& suite, const ConfigTable& table, const std::string& variant, const std::string& op) {
    const auto server = suite.servers.find(variant);
    if (server == suite.servers.end() || has_operation(server->second.protocol, op)) return;
    throw table.wrong("op", fmt::format("protocol {} of server {} has no {}; it has: {}", name_of(server->second.protocol),
                                        variant, op, fmt::join(operations_of(server->second.protocol), ", ")));
}

// One cell for every combination of what both kinds of table have; `add` completes it.
template <class Add>
void for_each_combination(const Suite& suite, const ConfigTable& table, const VariantNames& variants,
                          std::span<const std::string_view> operations, const Add& add) {
    const std::vector<std::string> external_build{"external"};
    const std::vector<std::uint64_t> pipelines =
        table.has("pipeline") ? table.counts("pipeline", 1, pipeline_max) : std::vector<std::uint64_t>{1};
    for (const std::string& variant : resolve_variants(suite, table, variants))
        for (const std::string& build : suite.servers.contains(variant) ? external_build : table.texts("build", builds))
            for (const std::uint64_t key_bytes : table.counts("key_bytes", key_bytes_least, wire::key_bytes_max))
                for (const std::uint64_t value_bytes : table.counts("value_bytes", 0, wire::value_bytes_max))
                    for (const std::uint64_t pipeline : pipelines)
                        for (const std::string& op : table.texts("op", operations)) {
                            refuse_lacking(suite, table, variant, op);
                            Cell cell;
                            cell.workload = {*operation_named(op), key_bytes, value_bytes, pipeline};
                            cell.key = {parse_variant_name(variant), build, op, key_bytes, value_bytes, 1, pipeline, "lockstep"};
                            add(cell);
                        }
}

std::uint64_t count_or(const ConfigTable& table, std::string_view key, std::uint64_t least, std::uint64_t most,
                       std::uint64_t otherwise) {
    return table.has(key) ? table.count(key, least, most) : otherwise;
}

LoadSettings load_settings(const ConfigTable& table) {
    LoadSettings settings;
    settings.duration_ms = table.count("duration_ms", 1, window_ms_max);
    settings.warm_up_ms = count_or(table, "warm_up_ms", 0, window_ms_max, settings.duration_ms / 4);
    settings.repetitions = table.count("repetitions", 1, 1000);
    settings.key_count = count_or(table, "keys", 1, key_count_max, default_key_count);
    settings.open_loop_percent = count_or(table, "open_loop_percent", 0, 1000, 0);
    if (table.has("zipf")) settings.popularity.zipf_exponent = table.number("zipf");
    if (table.has("arrivals") && table.text("arrivals", arrival_names) == "constant") settings.arrivals = Arrivals::constant;
    return settings;
}

std::set<CellKey> keys_of(const Suite& suite) {
    std::set<CellKey> keys;
    for (const Cell& cell : suite.cells) keys.insert(cell.key);
    return keys;
}

}  // namespace

void add_lockstep_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants) {
    table.allow(lockstep_keys);
    const std::uint64_t requests = table.count("requests", 1, requests_max);
    const bool call_sites = table.has("call_sites") && table.flag("call_sites");
    if (table.has("wrappers") && !call_sites) throw table.wrong("wrappers", "wrappers need `call_sites = true`");
    const std::vector<std::string> wrappers = table.has("wrappers") ? table.texts("wrappers") : std::vector<std::string>{};
    std::set<CellKey> seen = keys_of(suite);
    for_each_combination(suite, table, variants, lockstep_operations, [&](Cell& cell) {
        const std::uint64_t pipeline = cell.key.pipeline;
        if (requests % pipeline != 0)
            throw table.wrong("requests", fmt::format("requests is {}, no multiple of pipeline {}", requests, pipeline));
        if (pipeline > 1 && cell.workload.operation == Operation::delete_hit)
            throw table.wrong("pipeline", "a delete cannot be pipelined");
        cell.requests = requests;
        cell.call_sites = call_sites;
        cell.wrappers = wrappers;
        if (!seen.insert(cell.key).second) throw table.wrong("variant", "the cell '" + to_string(cell) + "' stands twice");
        suite.cells.push_back(cell);
    });
}

void add_load_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants) {
    table.allow(load_keys);
    const LoadSettings settings = load_settings(table);
    const std::vector<std::uint64_t> connection_counts = table.counts("connections", 1, connections_max);
    const bool crosses = table.has("crosses") && table.flag("crosses");
    std::map<CellKey, std::optional<LoadSettings>> standing;
    for (const Cell& cell : suite.cells) standing.emplace(cell.key, cell.load);
    for_each_combination(suite, table, variants, load_operations, [&](Cell& cell) {
        cell.key.mode = "load";
        cell.load = settings;
        for (const std::uint64_t connections : connection_counts) {
            cell.key.connections = connections;
            const auto [stands, fresh] = standing.emplace(cell.key, settings);
            if (fresh)
                suite.cells.push_back(cell);
            else if (stands->second != settings && !crosses)
                throw table.wrong("variant",
                                  fmt::format("the cell '{}' stands already with other settings; `crosses = true` says "
                                              "that it keeps them",
                                              to_string(cell)));
        }
    });
}

}  // namespace tare
