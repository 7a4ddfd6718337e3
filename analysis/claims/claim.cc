// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/claim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "core/allocation_site.h"
#include "core/check.h"
#include "core/config_table.h"
#include "core/copy_edge.h"
#include "core/metric.h"
#include "core/nearest_name.h"
#include "core/opcode.h"
#include "run/csv.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 7> root_keys{"description",       "servers", "alternatives", "counters",
                                                    "value_bytes_below", "claim",   "consistency"};
constexpr std::array<std::string_view, 27> claim_keys{
    "id",       "section", "line",     "server", "less",   "over",  "fewer_than", "other_metric", "suite",
    "op",       "metric",  "detail",   "text",   "reason", "class", "value",      "range",        "at_most",
    "at_least", "parts",   "inferred", "sites",  "basis",  "must",  "key_bytes",  "value_bytes",  "connections"};
constexpr std::array<std::string_view, 4> relation_keys{"", "less", "over", "fewer_than"};  // as Relation has them
constexpr std::array<std::string_view, 4> relation_words{"", " less ", " over ", " against "};
constexpr std::array<std::string_view, 4> consistency_keys{"id", "first", "second", "remark"};
constexpr std::array<std::string_view, 3> class_names{"exact", "bound", "amortised"};
constexpr std::array<std::string_view, 4> number_keys{"value", "range", "at_most", "at_least"};
// The metrics whose calls a suite may have counted by call site.
constexpr std::array<std::string_view, 4> metrics_with_sites{"syscalls", "allocations", "copies", "data_copies"};

constexpr std::array<std::string_view, 16> allocation_function_names{
    "malloc",  "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign",       "reallocarray",    "valloc",
    "pvalloc", "new",    "mallocx", "rallocx",       "zalloc",         "malloc_aligned", "realloc_aligned", "runtime.mallocgc"};
constexpr std::array<std::string_view, 5> copy_function_names{"memcpy", "memmove", "memcpy_memmove", "mempcpy",
                                                              "runtime.memmove"};

constexpr std::array<std::string_view, 6> receiving{"recv", "recvmsg", "read", "readv", "read_fixed", "read_multishot"};
constexpr std::array<std::string_view, 7> sending{"send", "sendmsg", "write", "writev", "write_fixed", "send_zc", "sendmsg_zc"};

bool among(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Rows>
bool among_rows(const Rows& rows, std::string_view name) {
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
}

// Calls of other gates ("i386:read") and without a name ("syscall_999") stand as BPF names them.
bool is_system_call(const std::string& name) {
    if (name.find(':') != std::string::npos || name.starts_with("syscall_")) return true;
    return seccomp_syscall_resolve_name(name.c_str()) >= 0;
}

// Whether whoever counts the metric may have a part of this name; a misspelt one would pass for a part that measures 0.
bool is_part(const std::string& metric, const std::string& name) {
    if (metric.starts_with("syscalls")) return is_system_call(name);
    if (metric == "allocations") return among_rows(allocation_sites, name) || is_allocation_function(name);
    if (metric == "received_data_copies" && name == received_part) return true;
    if (metric == "copies" || metric == "copied_bytes") return among_rows(copy_edges, name) || is_copy_function(name);
    if (metric.ends_with("_copies")) return among_rows(copy_edges, name);
    if (metric == "sqes" || metric == "cqes") return among(opcode_names, name);
    if (!metric.starts_with("queue_")) return true;
    const std::string_view queue = std::string_view(name).substr(0, 5);
    return (queue == "sqes " || (queue == "cqes " && metric == "queue_ops")) && among(opcode_names, name.substr(5));
}

// What a key such as `parts` holds: numbers by name, or by operation and name.
using Names = std::map<std::string, ClaimedParts>;

ClaimedNumber read_number(const ConfigTable& table, const std::string& key) {
    const std::vector<double> ends = table.numbers(key);
    if (ends.size() > 2 || (ends.size() == 2 && ends[0] > ends[1]))
        throw table.wrong(key, fmt::format("{} is one number, or a range [least, most]", key));
    return {ends.front(), ends.back()};
}

ClaimedParts read_names(const ConfigTable& table) {
    ClaimedParts parts;
    for (const std::string& name : table.keys()) parts[name] = read_number(table, name);
    return parts;
}

Names read_parts(const ConfigTable& claim_table, const Claim& claim, const char* key) {
    Names names;
    const auto table = claim_table.table(key);
    if (!table) return names;
    const std::vector<std::string> keys = table->keys();
    const bool by_operation =
        std::any_of(keys.begin(), keys.end(), [&](const std::string& each) { return table->holds_table(each); });
    if (by_operation) {
        for (const std::string& op : keys) names[op] = read_names(*table->table(op));
    } else {
        names[""] = read_names(*table);
    }
    for (const auto& [op, parts] : names) {
        const ConfigTable& of_parts = by_operation ? *table->table(op) : *table;
        double least = 0, most = 0;
        for (const auto& [part, number] : parts) {
            if (!is_part(claim.metric, part))
                throw of_parts.wrong(part, fmt::format("'{}' is no part of {}", part, claim.metric));
            least += number.least;
            most += number.most;
        }
        const bool fits = most > claim.number.least - 1e-9 && least < claim.number.most + 1e-9;
        if (claim.claim_class == ClaimClass::exact && !fits)
            throw of_parts.wrong(fmt::format("the parts of '{}' make {}, its total is {}", claim.id, to_string({least, most}),
                                             to_string(claim.number)));
    }
    return names;
}

// The file's own name for a variant, or the variant.
VariantName variant_of(const ConfigTable& table, const char* key, const std::map<std::string, VariantName>& servers) {
    const std::string name = table.text(key);
    if (const auto own = servers.find(name); own != servers.end()) return own->second;
    for (const Ideal& each : ideals()) {
        if (name == each.ideal.server + "/ideal") return each.ideal;
    }
    const auto slashes = std::count(name.begin(), name.end(), '/');
    if (name.empty() || (slashes != 0 && slashes != 2))
        throw table.wrong(key, fmt::format("'{}' is no server: a name of [servers], a variant (tare list servers), or a suite's "
                                           "[server.NAME]",
                                           name));
    return parse_variant_name(name);
}

ClaimedNumber read_claimed(const ConfigTable& table) {
    std::vector<std::string_view> given;
    for (const std::string_view key : number_keys) {
        if (table.has(key)) given.push_back(key);
    }
    if (given.size() != 1)
        throw table.wrong(fmt::format("a claim has one of {}; this has {}", fmt::join(number_keys, ", "),
                                      given.empty() ? "none" : fmt::format("{}", fmt::join(given, ", "))));
    const std::string key(given.front());
    if (key == "at_most") return {0, table.number(key)};
    if (key == "at_least") return {table.number(key), unlimited};
    const ClaimedNumber number = read_number(table, key);
    if (key == "value" && !number.single()) throw table.wrong(key, "value is a list; allowed: a number");
    return number;
}

Claim read_claim(const ConfigTable& table, const ClaimsFile& file) {
    table.allow(claim_keys);
    Claim claim;
    claim.id = table.text("id");
    claim.file_line = table.line();
    claim.where = fmt::format("{}:{}", file.name, claim.file_line);
    if (table.has("section")) claim.section = table.text("section");
    if (table.has("line")) claim.line = table.count("line", 1, 1'000'000);
    claim.server = table.text("server");
    claim.variant = variant_of(table, "server", file.servers);
    for (std::size_t index = 1; index < relation_keys.size(); ++index) {
        const std::string key(relation_keys[index]);
        if (!table.has(key)) continue;
        if (claim.relation != Relation::none) throw table.wrong(key, "a claim has one of less, over, fewer_than");
        claim.relation = static_cast<Relation>(index);
        claim.other = table.text(key);
        claim.other_variant = variant_of(table, key.c_str(), file.servers);
    }
    const auto known_metric = [&](const char* key) {
        std::string metric = table.text(key);
        const bool own = std::find(file.counters.begin(), file.counters.end(), metric) != file.counters.end();
        if (metric_named(metric) == nullptr && !among(composite_metrics, metric) && !own)
            throw table.wrong(key, fmt::format("'{}' is no metric (tare list metrics), nor one of {}{}", metric,
                                               fmt::join(composite_metrics, ", "), did_you_mean(metric, metrics)));
        return metric;
    };
    claim.metric = known_metric("metric");
    if (table.has("detail")) claim.detail = table.text("detail");
    if (table.has("other_metric")) claim.other_metric = known_metric("other_metric");
    if (claim.relation == Relation::none && !claim.other_metric.empty())
        throw table.wrong("other_metric", "there is no other server: no less, over or fewer_than");
    if (table.has("basis")) claim.basis = table.text("basis");
    if (table.has("suite")) claim.suite = table.text("suite");
    if (table.has("op")) claim.ops = table.texts("op");
    if (table.has("reason")) claim.reason = table.text("reason");
    if (table.has("must")) claim.must = table.flag("must");
    if (table.has("key_bytes")) claim.key_bytes = table.count("key_bytes", 0, UINT32_MAX);
    if (table.has("value_bytes")) claim.value_bytes = table.count("value_bytes", 0, UINT32_MAX);
    claim.number = claim.relation == Relation::fewer ? ClaimedNumber{-unlimited, 0} : read_claimed(table);
    claim.text = table.has("text")                   ? table.text("text")
                 : claim.relation == Relation::fewer ? "fewer than " + claim.other
                                                     : to_string(claim.number);
    if (table.has("class")) {
        const auto named = std::find(class_names.begin(), class_names.end(), table.text("class", class_names));
        claim.claim_class = static_cast<ClaimClass>(named - class_names.begin());
    } else {
        claim.claim_class = claim.number.single() ? ClaimClass::exact : ClaimClass::bound;
    }
    if (claim.claim_class == ClaimClass::exact && !claim.number.single())
        throw table.wrong("class", "an exact claim has one number: value = N");
    if (claim.claim_class == ClaimClass::amortised) claim.connections = 64;
    if (table.has("connections")) claim.connections = table.count("connections", 1, 1'000'000);
    claim.stated = read_parts(table, claim, "parts");
    claim.inferred = read_parts(table, claim, "inferred");
    if (table.has("sites")) {
        if (!among(metrics_with_sites, claim.metric))
            throw table.wrong("sites", fmt::format("call sites are counted of {}", fmt::join(metrics_with_sites, ", ")));
        claim.sites = read_names(*table.table("sites"));
    }
    return claim;
}

const ClaimedParts* parts_for(const std::map<std::string, ClaimedParts>& parts, const std::string& op) {
    for (const std::string& key : {op, std::string()}) {
        if (const auto found = parts.find(key); found != parts.end()) return &found->second;
    }
    return nullptr;
}

}  // namespace

std::string_view name_of(ClaimClass claim_class) { return class_names[static_cast<std::size_t>(claim_class)]; }

std::string to_string(const ClaimedNumber& number) {
    if (number.single()) return fmt::format("{:.6g}", number.least);
    if (number.most == unlimited) return fmt::format("at least {:.6g}", number.least);
    if (number.least == 0) return fmt::format("at most {:.6g}", number.most);
    return fmt::format("{:.6g}-{:.6g}", number.least, number.most);
}

std::string Claim::measured_server() const {
    return server + std::string(relation_words[static_cast<std::size_t>(relation)]) + other;
}

std::string Claim::measured_metric() const {
    const std::string own = metric + (detail.empty() ? "" : " " + detail);
    return other_metric.empty() ? own : own + std::string(relation_words[static_cast<std::size_t>(relation)]) + other_metric;
}

const ClaimedParts* Claim::stated_for(const std::string& op) const { return parts_for(stated, op); }
const ClaimedParts* Claim::inferred_for(const std::string& op) const { return parts_for(inferred, op); }

const Claim& ClaimsFile::named(const std::string& id) const {
    const auto found = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) { return claim.id == id; });
    check(found != claims.end(), "a consistency claim names a claim that was not loaded");
    return *found;
}

ClaimsFile ClaimsFile::of_alternative(const std::string& server, const VariantName& variant) const {
    ClaimsFile other = *this;
    std::erase_if(other.claims, [&](const Claim& claim) { return claim.server != server || claim.relation != Relation::none; });
    for (Claim& claim : other.claims) claim.variant = variant;
    other.consistency.clear();
    return other;
}

std::string opcode_family(const std::string& opcode) {
    return among(receiving, opcode) ? "recv" : among(sending, opcode) ? "send" : opcode;
}

bool is_allocation_function(std::string_view name) { return among(allocation_function_names, name); }
bool is_copy_function(std::string_view name) { return among(copy_function_names, name); }

ClaimsFile parse_claims(std::string_view text, const std::string& where) {
    const toml::table root = parse_toml(text, where);
    ClaimsFile file;
    file.name = where;
    const ConfigTable table(root, file.name);
    table.allow(root_keys);
    if (const auto servers = table.table("servers")) {
        for (const std::string& name : servers->keys()) {
            const VariantName variant = variant_of(*servers, name.c_str(), {});
            file.servers[name] = variant;
        }
    }
    if (const auto others = table.table("alternatives")) {
        for (const std::string& name : others->keys()) {
            if (!file.servers.contains(name)) throw others->wrong(name, "'" + name + "' is no name of [servers]");
            for (const std::string& variant : others->texts(name)) file.alternatives[name].push_back(parse_variant_name(variant));
        }
    }
    if (table.has("counters")) file.counters = table.texts("counters");
    if (table.has("value_bytes_below")) file.value_bytes_below = table.count("value_bytes_below", 1, UINT32_MAX);
    std::vector<std::string_view> ids;
    for (const ConfigTable& claim : table.tables("claim")) {
        file.claims.push_back(read_claim(claim, file));
        const std::string& id = file.claims.back().id;
        if (std::count_if(file.claims.begin(), file.claims.end(), [&](const Claim& other) { return other.id == id; }) > 1)
            throw claim.wrong("id", "the id '" + id + "' stands twice");
    }
    if (!table.has("consistency")) return file;
    ids.reserve(file.claims.size());
    for (const Claim& claim : file.claims) ids.push_back(claim.id);
    for (const ConfigTable& pair : table.tables("consistency")) {
        pair.allow(consistency_keys);
        file.consistency.push_back({pair.text("id"), pair.text("first", ids), pair.text("second", ids), pair.text("remark")});
    }
    return file;
}

ClaimsFile load_claims(const std::filesystem::path& path) {
    if (!std::filesystem::is_regular_file(path)) throw usage_error(path.string() + ": no such claims file");
    return parse_claims(read_file(path), path.string());
}

}  // namespace tare
