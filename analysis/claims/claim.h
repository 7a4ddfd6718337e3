// SPDX-License-Identifier: Apache-2.0
// What somebody claims a server costs per request, as data, read from a TOML file (docs/claims.md). Whether it is true is
// judge.h's business.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/observation.h"

namespace tare {

enum class ClaimClass : std::uint8_t {
    exact,      // this number, in every window
    bound,      // between least and most, in every window
    amortised,  // at most this many a request, as an average over requests of many connections
};
std::string_view name_of(ClaimClass claim_class);

// A number per request, or the range that it may lie in.
struct ClaimedNumber {
    double least = 0;
    double most = 0;

    bool single() const { return least == most; }
    friend bool operator==(const ClaimedNumber&, const ClaimedNumber&) = default;
};
// "3", "2-3", "at most 3", "at least 1".
std::string to_string(const ClaimedNumber& number);

inline constexpr double unlimited = std::numeric_limits<double>::infinity();

using ClaimedParts = std::map<std::string, ClaimedNumber>;

// What a claim says of two servers.
enum class Relation : std::uint8_t {
    none,
    less,   // what the other costs is taken off
    over,   // how many times as much as the other
    fewer,  // fewer than the other, however many
};

struct Claim {
    std::string id;
    std::string where;            // "claims.toml:12"
    std::uint64_t file_line = 0;  // the 12 of it
    std::string section;          // a heading of the document that claims it; empty for most files
    std::uint64_t line = 0;       // of that document; 0: none is told
    std::string server;           // as the file names it
    VariantName variant;          // as a run does
    Relation relation = Relation::none;
    std::string other;  // the other server, of a relation
    VariantName other_variant;
    std::string other_metric;      // by which the other is counted; empty: by `metric`
    std::string suite;             // the suite that measures it, to be named where a run does not; may be empty
    std::vector<std::string> ops;  // empty: every operation of the server that the run has
    std::string metric;            // of core/metric.h, or one of composite_metrics (analysis/model/count.h)
    std::string detail;            // the part of it that the number is of; empty for the whole
    std::string text;              // the number in the document's words
    std::string reason;            // why it should be so; may be empty
    ClaimClass claim_class = ClaimClass::exact;
    ClaimedNumber number;
    // What the number is made of, by operation ("" for every one) and name. Stated: the document says so, and a part that is not
    // so disproves the claim. Inferred: somebody's reading of the document, which only explains.
    std::map<std::string, ClaimedParts> stated;
    std::map<std::string, ClaimedParts> inferred;
    ClaimedParts sites;  // the calls that these functions make; others may make more
    std::optional<std::uint64_t> key_bytes;
    std::optional<std::uint64_t> value_bytes;
    std::uint64_t connections = 1;
    bool must = false;  // whether it is an error that it cannot be judged
    std::string basis;  // what the document counts here and elsewhere does not, or the other way round; empty for most claims

    // "mio", or "mio less ideal" where it is about two.
    std::string measured_server() const;
    // "queue_ops", or "queue_ops less queue_sqes" where the two are counted on different bases.
    std::string measured_metric() const;
    // Nothing where none are told for this operation.
    const ClaimedParts* stated_for(const std::string& op) const;
    const ClaimedParts* inferred_for(const std::string& op) const;
};

// Two claims that speak of one thing.
struct ConsistencyClaim {
    std::string id;
    std::string first;  // ids of claims
    std::string second;
    std::string remark;
};

struct ClaimsFile {
    std::string name;                            // of the file, for messages
    std::map<std::string, VariantName> servers;  // names of the file's own for a run's variants
    // Other variants that a name may mean: its claims may be judged of each of them.
    std::map<std::string, std::vector<VariantName>> alternatives;
    std::vector<std::string> counters;  // of the suite's own, which are metrics, too
    std::optional<std::uint64_t> value_bytes_below;
    std::vector<Claim> claims;
    std::vector<ConsistencyClaim> consistency;

    const Claim& named(const std::string& id) const;
    // The claims about this server and no other, of another variant.
    ClaimsFile of_alternative(const std::string& server, const VariantName& variant) const;
};

// Throws usage_error with `where`, the line and what is allowed for an unknown key, name or id.
ClaimsFile parse_claims(std::string_view text, const std::string& where);
// The same of a file. Throws usage_error when there is none.
ClaimsFile load_claims(const std::filesystem::path& path);

// "recv" of recv, recvmsg and read, "send" of send, sendmsg and write: a queue operation's opcode by what it is for. Other names
// as they are.
std::string opcode_family(const std::string& opcode);

// Whether the name is a function of the malloc or memcpy family, as BPF names parts of allocations and copies.
bool is_allocation_function(std::string_view name);
bool is_copy_function(std::string_view name);

}  // namespace tare
