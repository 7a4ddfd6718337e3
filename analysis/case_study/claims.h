// SPDX-License-Identifier: Apache-2.0
// What the reference document claims, as data (analysis/case_study/claims.toml, part of this program).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "run/observation.h"

namespace tare {

enum class ClaimClass : std::uint8_t { exact, bound, amortised };

// Per request, by detail; queue_ops: by metric and detail.
using ClaimedParts = std::map<std::string, double>;

struct Claim {
    std::string id;
    std::string section;      // the reference document's heading
    std::uint64_t line = 0;   // of the reference document's file
    std::string server;       // the reference document's name: io_uring, mio or ideal
    std::string less;         // what this server costs is taken off; empty for most claims
    std::string less_metric;  // by which it is counted; empty: by `metric`
    std::string suite;        // the suite that measures it; empty: `overhead-analysis`
    std::vector<std::string> ops;
    std::string metric;  // syscalls, allocations, queue_ops, queue_sqes, data_copies, received_data_copies or value_copies
    std::string text;    // the number in the reference document's words
    ClaimClass claim_class = ClaimClass::exact;
    double least = 0;  // per request
    double most = 0;
    std::map<std::string, ClaimedParts> parts;  // by operation; none where the reference document names none
    std::string
        basis;  // what the reference document counts here and elsewhere does not, or the other way round; empty for most claims

    // "mio", or "mio less ideal" for a difference.
    std::string measured_server() const { return less.empty() ? server : server + " less " + less; }
    // "queue_ops", or "queue_ops less queue_sqes" where the two are counted on different bases.
    std::string measured_metric() const { return less_metric.empty() ? metric : metric + " less " + less_metric; }
};

// Two claims that speak of one thing.
struct ConsistencyClaim {
    std::string id;
    std::string first;  // ids of claims
    std::string second;
    std::string remark;
};

struct ReferenceClaims {
    std::map<std::string, VariantName> servers;  // which variant stands for the reference document's server
    std::vector<Claim> claims;
    std::vector<ConsistencyClaim> consistency;

    const Claim& named(const std::string& id) const;
};

std::string_view name_of(ClaimClass claim_class);

// Throws usage_error with the line of analysis/case_study/claims.toml for an unknown key, value or id.
ReferenceClaims load_reference_claims();
ReferenceClaims parse_claims(std::string_view text, const std::string& where);

}  // namespace tare
