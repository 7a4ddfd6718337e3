// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/cases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/enum_names.h"
#include "core/error.h"
#include "core/nearest_name.h"
#include "core/wire/request.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 10> lockstep_keys{"variant",  "build",    "op",         "key_bytes", "value_bytes",
                                                         "pipeline", "requests", "call_sites", "wrappers",  "connections"};
constexpr std::array<std::string_view, 16> load_keys{
    "variant",     "build",      "op",   "key_bytes", "value_bytes",       "connections", "pipeline", "repetitions",
    "duration_ms", "warm_up_ms", "keys", "zipf",      "open_loop_percent", "arrivals",    "crosses",  "client_io"};
constexpr std::array<std::string_view, 14> contrast_keys{"name",        "subjects", "op",       "key_bytes", "value_bytes",
                                                         "connections", "pipeline", "keys",     "zipf",      "warm_up_ms",
                                                         "precision",   "budget_s", "slice_ms", "client_io"};
// What the lockstep client can ask for (harness/load/conversation.h), and what a load cell can: a key is deleted only once, and
// sets without a reply are confirmed by gets, which would be counted with them.
constexpr std::array<std::string_view, 6> lockstep_operations{"get_hit", "get_miss", "set", "set_noreply", "delete", "mget"};
constexpr std::array<std::string_view, 5> load_operations{"get_hit", "get_miss", "set", "set_noreply", "mget"};
constexpr std::array<std::string_view, 2> arrival_names{"poisson", "constant"};

// A key must leave room for the number that tells it from the others.
constexpr std::uint64_t key_bytes_least = 4;
constexpr std::uint64_t requests_max = 10'000'000;
constexpr std::uint64_t pipeline_max = 1024;
constexpr std::uint64_t connections_max = 10'000;
constexpr std::uint64_t window_ms_max = 600'000;
constexpr std::uint64_t key_count_max = 10'000'000;
constexpr std::uint64_t default_key_count = 1000;
constexpr double precision_default = 0.02;
constexpr double precision_most = 0.5;
constexpr std::uint64_t budget_s_default = 30;
constexpr std::uint64_t budget_s_max = 3600;
constexpr std::uint64_t slice_ms_default = 20;
constexpr std::uint64_t slice_ms_least = 5;  // of less, most would be the way to rest and the clocks
constexpr std::uint64_t slice_ms_max = 1000;
constexpr double zipf_exponent_max = 100;
// More would run for weeks.
constexpr std::size_t cells_max = 100'000;

std::vector<std::string> subject_names(const Suite& suite, const VariantNames& variants) {
    std::vector<std::string> names = variants.names;
    for (const auto& [alias, variant] : variants.aliases) names.push_back(alias);
    for (const auto& [name, server] : suite.servers) names.push_back(name);
    return names;
}

// The variants that a name, an alias or a pattern (fnmatch(3): `epoll/*/*`) means, in the servers' order, and the suite's
// own servers. `key` is the table's that names them.
std::vector<std::string> resolve_variants(const Suite& suite, const ConfigTable& table, std::string_view key,
                                          const VariantNames& variants) {
    std::vector<std::string> names;
    for (const std::string& text : table.texts(key)) {
        bool known_name = suite.servers.contains(text);
        if (known_name) names.push_back(text);
        for (const std::string& known : variants.names) {
            const auto alias = variants.aliases.find(text);
            const std::string& pattern = alias == variants.aliases.end() ? text : alias->second;
            if (::fnmatch(pattern.c_str(), known.c_str(), 0) != 0) continue;
            known_name = true;
            if (std::find(names.begin(), names.end(), known) == names.end()) names.push_back(known);
        }
        if (!known_name && !variants.missing.empty())
            throw cannot_measure(fmt::format("{} is '{}', but {}", key, text, variants.missing));
        if (!known_name)
            throw table.wrong(key, fmt::format("{} is '{}', which is none of: {}{}", key, text, fmt::join(variants.names, ", "),
                                               did_you_mean(text, subject_names(suite, variants))));
    }
    return names;
}

// What a variant speaks: the suite's own servers as they are described, ours memcached's text.
SpokenProtocol spoken_by(const Suite& suite, const std::string& variant) {
    const auto server = suite.servers.find(variant);
    return server == suite.servers.end() ? SpokenProtocol() : server->second.protocol;
}

bool has_datagrams(const Suite& suite, const std::string& variant) {
    const auto server = suite.servers.find(variant);
    return server != suite.servers.end() && server->second.transport == Transport::udp;
}

// The operation of that name that the variant has; of a built-in protocol it must be one of `operations`, which the table's may
// be.
Operation operation_of(const Suite& suite, const ConfigTable& table, const std::string& variant, const std::string& op,
                       std::span<const std::string_view> operations) {
    const SpokenProtocol protocol = spoken_by(suite, variant);
    const auto operation = operation_named(protocol, op);
    const bool is_possible = protocol.own || std::find(operations.begin(), operations.end(), op) != operations.end();
    if (operation && is_possible) return *operation;
    throw table.wrong("op", fmt::format("protocol {} of server {} has no {}; it has: {}", name_of(protocol), variant, op,
                                        fmt::join(operations_of(protocol), ", ")) +
                                did_you_mean(op, operations_of(protocol)));
}

// The operations of `built_in`, those of the protocols that the suite describes, and with `clients` its clients.
std::vector<std::string> all_operations(const Suite& suite, std::span<const std::string_view> built_in, bool clients) {
    std::vector<std::string> all(built_in.begin(), built_in.end());
    if (clients) {
        for (const auto& [name, client] : suite.clients) all.push_back(name);
    }
    for (const auto& [name, server] : suite.servers) {
        if (!server.protocol.own) continue;
        for (const std::string& op : operations_of(server.protocol)) {
            if (std::find(all.begin(), all.end(), op) == all.end()) all.push_back(op);
        }
    }
    return all;
}

// The builds of a reference server that the table names, the timed one of a contrast; an external server has no other.
std::vector<Build> builds_of(const Suite& suite, const ConfigTable& table, const std::string& variant) {
    if (suite.servers.contains(variant)) return {Build::external};
    if (table.has("subjects")) return {Build::timed};
    constexpr std::array names{name_of(Build::counted), name_of(Build::timed)};
    std::vector<Build> builds;
    for (const std::string& name : table.texts("build", names)) builds.push_back(*enum_named<Build>(build_names, name));
    return builds;
}

// A cell whose requests a client of the suite makes.
void make_of_client(const Suite& suite, const ConfigTable& table, const std::string& op, Cell& cell) {
    if (!suite.servers.contains(cell.key.variant.server))
        throw table.wrong("op", fmt::format("client {} is run against servers of the suite, and {} is not one of them", op,
                                            to_string(cell.key.variant)));
    if (cell.key.pipeline > 1) throw table.wrong("pipeline", fmt::format("client {} sends as it does; leave pipeline out", op));
    if (table.has("call_sites") && table.flag("call_sites"))
        throw table.wrong("call_sites", fmt::format("of client {} call sites are not told", op));
    cell.client = op;
}

// Of clients that are not told of it a size may be left out.
std::vector<std::uint64_t> sizes_of(const Suite& suite, const ConfigTable& table, const char* key, std::uint64_t least,
                                    std::uint64_t most) {
    if (table.has(key) || !table.has("op")) return table.counts(key, least, most);
    const std::vector<std::string> ops = table.texts("op");
    const bool clients_alone =
        std::all_of(ops.begin(), ops.end(), [&](const std::string& op) { return suite.clients.contains(op); });
    return clients_alone ? std::vector<std::uint64_t>{0} : table.counts(key, least, most);
}

// One cell for every combination of what both kinds of table have; `add` completes it.
template <class Add>
void for_each_combination(const Suite& suite, const ConfigTable& table, const VariantNames& variants,
                          std::span<const std::string_view> operations, bool clients, const Add& add) {
    const std::vector<std::uint64_t> pipelines =
        table.has("pipeline") ? table.counts("pipeline", 1, pipeline_max) : std::vector<std::uint64_t>{1};
    const std::vector<std::string> known = all_operations(suite, operations, clients);
    const std::vector<std::string_view> allowed(known.begin(), known.end());
    const std::string_view subjects = table.has("subjects") ? "subjects" : "variant";
    for (const std::string& variant : resolve_variants(suite, table, subjects, variants))
        for (const Build build : builds_of(suite, table, variant))
            for (const std::uint64_t key_bytes : sizes_of(suite, table, "key_bytes", key_bytes_least, wire::key_bytes_max))
                for (const std::uint64_t value_bytes : sizes_of(suite, table, "value_bytes", 0, wire::value_bytes_max))
                    for (const std::uint64_t pipeline : pipelines)
                        for (const std::string& op : table.texts("op", allowed)) {
                            if (pipeline > 1 && has_datagrams(suite, variant))
                                throw table.wrong("pipeline",
                                                  "a request of transport udp is a datagram, which cannot be pipelined");
                            Cell cell;
                            const bool by_client = clients && suite.clients.contains(op);
                            cell.workload = {by_client ? Operation::get_hit : operation_of(suite, table, variant, op, operations),
                                             key_bytes, value_bytes, pipeline};
                            cell.key = {parse_variant_name(variant),
                                        build,
                                        Kind::request,
                                        op,
                                        key_bytes,
                                        value_bytes,
                                        1,
                                        pipeline,
                                        Mode::lockstep};
                            if (by_client) make_of_client(suite, table, op, cell);
                            add(cell);
                        }
}

std::uint64_t count_or(const ConfigTable& table, std::string_view key, std::uint64_t least, std::uint64_t most,
                       std::uint64_t otherwise) {
    return table.has(key) ? table.count(key, least, most) : otherwise;
}

// Which keys are asked for.
LoadSettings key_settings(const ConfigTable& table) {
    LoadSettings settings;
    settings.key_count = count_or(table, "keys", 1, key_count_max, default_key_count);
    if (table.has("zipf")) settings.popularity.zipf_exponent = table.number("zipf", 0, zipf_exponent_max);
    if (table.has("client_io")) settings.client_io = *client_io_named(table.text("client_io", client_io_names));
    return settings;
}

LoadSettings load_settings(const ConfigTable& table) {
    LoadSettings settings = key_settings(table);
    settings.duration_ms = table.count("duration_ms", 1, window_ms_max);
    settings.warm_up_ms = count_or(table, "warm_up_ms", 0, window_ms_max, settings.duration_ms / 4);
    settings.repetitions = table.count("repetitions", 1, 1000);
    settings.open_loop_percent = count_or(table, "open_loop_percent", 0, 1000, 0);
    if (table.has("arrivals") && table.text("arrivals", arrival_names) == "constant") settings.arrivals = Arrivals::constant;
    return settings;
}

// A contrast without its subjects.
Contrast contrast_settings(const ConfigTable& table) {
    Contrast contrast;
    contrast.name = table.text("name");
    if (contrast.name.empty() || contrast.name.find('\n') != std::string::npos)
        throw table.wrong("name", "name is one line of text, not empty");
    contrast.precision = table.has("precision") ? table.number("precision") : precision_default;
    if (!(contrast.precision > 0 && contrast.precision <= precision_most))
        throw table.wrong("precision", fmt::format("precision is {}; allowed: above 0, up to {}, as a share of the ratio",
                                                   contrast.precision, precision_most));
    contrast.budget_s = count_or(table, "budget_s", 1, budget_s_max, budget_s_default);
    contrast.slice_ms = count_or(table, "slice_ms", slice_ms_least, slice_ms_max, slice_ms_default);
    return contrast;
}

CellKey workload_of(CellKey cell) {
    cell.variant = {};
    cell.build = {};
    return cell;
}

// ", pipeline 16": what tells a workload from the others of its table; empty of the only one.
std::string apart(const CellKey& workload, const std::vector<Contrast>& all) {
    std::string text;
    const auto tell = [&](const char* key, const auto& value_of) {
        const bool differs = std::any_of(all.begin(), all.end(),
                                         [&](const Contrast& other) { return value_of(other.workload()) != value_of(workload); });
        if (differs) text += fmt::format(", {} {}", key, value_of(workload));
    };
    tell("op", [](const CellKey& cell) { return cell.op; });
    tell("key_bytes", [](const CellKey& cell) { return cell.key_bytes; });
    tell("value_bytes", [](const CellKey& cell) { return cell.value_bytes; });
    tell("connections", [](const CellKey& cell) { return cell.connections; });
    tell("pipeline", [](const CellKey& cell) { return cell.pipeline; });
    return text;
}

// Refuses what the load generator would refuse once the run is under way.
void set_load(const Suite& suite, const ConfigTable& table, const LoadSettings& settings, Cell& cell) {
    if (settings.client_io == ClientIo::io_uring && has_datagrams(suite, to_string(cell.key.variant)))
        throw table.wrong("client_io", "requests of transport udp are sent by epoll");
    const std::size_t needed_bytes = 1 + std::to_string(settings.key_count - 1).size();  // a letter and a number
    if (cell.key.key_bytes < needed_bytes)
        throw table.wrong("key_bytes", fmt::format("key_bytes is {}; {} keys need {} bytes at least", cell.key.key_bytes,
                                                   settings.key_count, needed_bytes));
    cell.key.mode = Mode::load;
    cell.load = settings;
}

// One for each workload, in the table's order; a subject that is named twice stands where it is named first.
std::vector<Contrast> contrasts_of(const Suite& suite, const ConfigTable& table, const VariantNames& variants) {
    const Contrast settings = contrast_settings(table);
    LoadSettings load = key_settings(table);
    load.duration_ms = settings.slice_ms;
    load.warm_up_ms = count_or(table, "warm_up_ms", 0, window_ms_max, 2 * settings.slice_ms);
    load.repetitions = 1;
    const std::vector<std::uint64_t> connection_counts = table.counts("connections", 1, connections_max);
    std::vector<Contrast> contrasts;
    for_each_combination(suite, table, variants, load_operations, false, [&](Cell& cell) {
        set_load(suite, table, load, cell);
        for (const std::uint64_t connections : connection_counts) {
            cell.key.connections = connections;
            auto contrast = std::find_if(contrasts.begin(), contrasts.end(), [&](const Contrast& other) {
                return workload_of(other.workload()) == workload_of(cell.key);
            });
            if (contrast == contrasts.end()) contrast = contrasts.insert(contrast, settings);
            const bool stands = std::any_of(contrast->subjects.begin(), contrast->subjects.end(),
                                            [&](const Cell& other) { return other.key == cell.key; });
            if (!stands) contrast->subjects.push_back(cell);
        }
    });
    for (const Contrast& contrast : contrasts) {
        const std::size_t count = contrast.subjects.size();
        if (count < contrast_subjects_least || count > contrast_subjects_most)
            throw table.wrong("subjects", fmt::format("subjects are {}; allowed: {} to {} different ones", count,
                                                      contrast_subjects_least, contrast_subjects_most));
    }
    return contrasts;
}

void add_cell(Suite& suite, const ConfigTable& table, const Cell& cell) {
    if (suite.cells.size() == cells_max) throw table.wrong(fmt::format("the suite has more than {} cells", cells_max));
    suite.cells.push_back(cell);
}

}  // namespace

StandingCells standing_cells(const Suite& suite) {
    StandingCells standing;
    for (const Cell& cell : suite.cells) standing.emplace(cell.key, cell.load);
    return standing;
}

void add_lockstep_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants, StandingCells& standing) {
    table.allow(lockstep_keys);
    const std::uint64_t requests = table.count("requests", 1, requests_max);
    const bool call_sites = table.has("call_sites") && table.flag("call_sites");
    if (table.has("wrappers") && !call_sites) throw table.wrong("wrappers", "wrappers need `call_sites = true`");
    const std::vector<std::string> wrappers = table.has("wrappers") ? table.texts("wrappers") : std::vector<std::string>{};
    for_each_combination(suite, table, variants, lockstep_operations, true, [&](Cell& cell) {
        const std::uint64_t pipeline = cell.key.pipeline;
        if (requests % pipeline != 0)
            throw table.wrong("requests", fmt::format("requests is {}, no multiple of pipeline {}", requests, pipeline));
        if (pipeline > 1 && cell.workload.operation == Operation::delete_hit)
            throw table.wrong("pipeline", "a delete cannot be pipelined");
        cell.requests = requests;
        cell.call_sites = call_sites;
        cell.wrappers = wrappers;
        if (cell.client.empty() && table.has("connections"))
            throw table.wrong("connections",
                              fmt::format("{} is asked for on one connection; a client of the suite has several, or a "
                                          "table [[load]]",
                                          cell.key.op));
        for (const std::uint64_t connections :
             table.has("connections") ? table.counts("connections", 1, connections_max) : std::vector<std::uint64_t>{1}) {
            cell.key.connections = connections;
            if (requests % connections != 0)
                throw table.wrong("requests",
                                  fmt::format("requests is {}, no multiple of {} connections", requests, connections));
            if (!standing.emplace(cell.key, std::nullopt).second)
                throw table.wrong("variant", "the cell '" + to_string(cell) + "' stands twice");
            add_cell(suite, table, cell);
        }
    });
}

void add_load_cells(Suite& suite, const ConfigTable& table, const VariantNames& variants, StandingCells& standing) {
    table.allow(load_keys);
    const LoadSettings settings = load_settings(table);
    const std::vector<std::uint64_t> connection_counts = table.counts("connections", 1, connections_max);
    const bool crosses = table.has("crosses") && table.flag("crosses");
    for_each_combination(suite, table, variants, load_operations, false, [&](Cell& cell) {
        set_load(suite, table, settings, cell);
        for (const std::uint64_t connections : connection_counts) {
            cell.key.connections = connections;
            const auto [stands, fresh] = standing.emplace(cell.key, settings);
            if (fresh)
                add_cell(suite, table, cell);
            else if (stands->second != settings && !crosses)
                throw table.wrong("variant",
                                  fmt::format("the cell '{}' stands already with other settings; `crosses = true` says "
                                              "that it keeps them",
                                              to_string(cell)));
        }
    });
}

void add_contrasts(Suite& suite, const ConfigTable& table, const VariantNames& variants) {
    table.allow(contrast_keys);
    std::vector<Contrast> contrasts = contrasts_of(suite, table, variants);
    const std::vector<Contrast> all = contrasts;
    for (Contrast& contrast : contrasts) {
        contrast.name += apart(contrast.workload(), all);
        const bool stands = std::any_of(suite.contrasts.begin(), suite.contrasts.end(),
                                        [&](const Contrast& other) { return other.name == contrast.name; });
        if (stands) throw table.wrong("name", fmt::format("the contrast '{}' stands twice", contrast.name));
        suite.contrasts.push_back(contrast);
    }
}

}  // namespace tare
