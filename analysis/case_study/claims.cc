// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/model/count.h"
#include "core/allocation_site.h"
#include "core/check.h"
#include "core/config_table.h"
#include "core/copy_edge.h"
#include "core/opcode.h"
#include "core/operation.h"
#include "core/system_call.h"

namespace tare {
namespace {

constexpr std::string_view claims_text =
#include "claims.inc"
    ;

constexpr std::array<std::string_view, 3> root_keys{"servers", "claim", "consistency"};
constexpr std::array<std::string_view, 15> claim_keys{"id",    "section", "line",   "server",      "less",
                                                      "suite", "op",      "metric", "text",        "class",
                                                      "least", "most",    "parts",  "less_metric", "basis"};
constexpr std::array<std::string_view, 4> consistency_keys{"id", "first", "second", "remark"};
constexpr std::array<std::string_view, 7> claim_metrics{"syscalls",    "allocations",          "queue_ops",   "queue_sqes",
                                                        "data_copies", "received_data_copies", "value_copies"};
constexpr std::array<std::string_view, 3> class_names{"exact", "bound", "amortised"};

bool among(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Rows>
bool among_rows(const Rows& rows, std::string_view name) {
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
}

// Whether whoever counts the metric may have a part of this name; a misspelt one would pass for a part that measures 0.
bool is_part(const std::string& metric, std::string_view name) {
    if (metric == "syscalls") return among(system_call_names, name);
    if (metric == "allocations") return among_rows(allocation_sites, name);
    if (metric == "received_data_copies" && name == received_part) return true;
    if (!metric.starts_with("queue_")) return among_rows(copy_edges, name);
    const std::string_view queue = name.substr(0, 5);
    return (queue == "sqes " || (queue == "cqes " && metric == "queue_ops")) && among(opcode_names, name.substr(5));
}

ClaimedParts read_parts(const ConfigTable& table, const Claim& claim) {
    ClaimedParts parts;
    double sum = 0;
    for (const std::string& part : table.keys()) {
        if (!is_part(claim.metric, part)) throw table.wrong(part, fmt::format("'{}' is no part of {}", part, claim.metric));
        sum += parts[part] = table.number(part);
    }
    const bool fits = sum > claim.least - 1e-9 && sum < claim.most + 1e-9;
    if (claim.claim_class == ClaimClass::exact && !fits)
        throw table.wrong(fmt::format("the parts of '{}' make {}, its total is {}", claim.id, sum, claim.least));
    return parts;
}

Claim read_claim(const ConfigTable& table, std::span<const std::string_view> servers) {
    table.allow(claim_keys);
    Claim claim;
    claim.id = table.text("id");
    claim.section = table.text("section");
    claim.line = table.count("line", 1, 1'000'000);
    claim.server = table.text("server", servers);
    if (table.has("less")) claim.less = table.text("less", servers);
    if (table.has("less_metric")) claim.less_metric = table.text("less_metric", claim_metrics);
    if (claim.less.empty() && !claim.less_metric.empty())
        throw table.wrong("less_metric", "nothing is taken off: there is no `less`");
    if (table.has("basis")) claim.basis = table.text("basis");
    if (table.has("suite")) claim.suite = table.text("suite");
    claim.ops = table.texts("op", operation_names);
    claim.metric = table.text("metric", claim_metrics);
    claim.text = table.text("text");
    const auto named = std::find(class_names.begin(), class_names.end(), table.text("class", class_names));
    claim.claim_class = static_cast<ClaimClass>(named - class_names.begin());
    claim.least = table.number("least");
    claim.most = table.number("most");
    if (claim.least > claim.most) throw table.wrong("most", "most is less than least");
    const auto parts = table.table("parts");
    if (!parts && claim.claim_class == ClaimClass::exact && claim.most > 0)
        throw table.wrong("class", "an exact claim names the parts of its total");
    for (const std::string& op : claim.ops) {
        if (parts) claim.parts[op] = read_parts(parts->has(op) ? *parts->table(op) : *parts, claim);
    }
    return claim;
}

}  // namespace

const Claim& ReferenceClaims::named(const std::string& id) const {
    const auto found = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) { return claim.id == id; });
    check(found != claims.end(), "a consistency claim names a claim that was not loaded");
    return *found;
}

std::string_view name_of(ClaimClass claim_class) { return class_names[static_cast<std::size_t>(claim_class)]; }

ReferenceClaims parse_claims(std::string_view text, const std::string& where) {
    const toml::table root = parse_toml(text, where);
    const ConfigTable table(root, where);
    table.allow(root_keys);
    ReferenceClaims reference;
    const auto servers = table.table("servers");
    if (!servers) throw usage_error(where + ": [servers] is missing");
    for (const std::string& name : servers->keys()) reference.servers[name] = parse_variant_name(servers->text(name));
    std::vector<std::string_view> server_names;
    for (const auto& [name, variant] : reference.servers) server_names.push_back(name);
    std::vector<std::string_view> ids;
    for (const ConfigTable& claim : table.tables("claim")) {
        reference.claims.push_back(read_claim(claim, server_names));
        const std::string& id = reference.claims.back().id;
        if (std::count_if(reference.claims.begin(), reference.claims.end(), [&](const Claim& other) { return other.id == id; }) >
            1)
            throw claim.wrong("id", "the id '" + id + "' stands twice");
    }
    for (const Claim& claim : reference.claims) ids.push_back(claim.id);
    for (const ConfigTable& pair : table.tables("consistency")) {
        pair.allow(consistency_keys);
        reference.consistency.push_back(
            {pair.text("id"), pair.text("first", ids), pair.text("second", ids), pair.text("remark")});
    }
    return reference;
}

ReferenceClaims load_reference_claims() { return parse_claims(claims_text, "analysis/case_study/claims.toml"); }

}  // namespace tare
