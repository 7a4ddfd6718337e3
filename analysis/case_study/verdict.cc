// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "analysis/model/count.h"

namespace tare {
namespace {

// Slopes of bytes over sizes carry the digits of the sizes with them; anything a part could be off by is far more.
constexpr double tolerance = 0.005;

bool same(double left, double right) { return std::abs(left - right) < tolerance; }

std::string shown(double number) { return fmt::format("{:.6g}", number); }

// Every part that is not as claimed, the claimed ones first.
std::vector<std::string> differing_parts(const ClaimedParts& claimed_parts, const std::map<std::string, Figure>& parts) {
    std::vector<std::string> differing;
    for (const auto& [part, claimed] : claimed_parts) {
        const auto found = parts.find(part);
        const double seen = found == parts.end() ? 0 : found->second.value();
        if (!same(seen, claimed))
            differing.push_back(fmt::format("{}: claimed {}, measured {}", part, shown(claimed), shown(seen)));
    }
    for (const auto& [part, seen] : parts) {
        if (!claimed_parts.contains(part) && !same(seen.value(), 0))
            differing.push_back(fmt::format("{}: not claimed, measured {}", part, shown(seen.value())));
    }
    return differing;
}

// Why the parts cannot be held against a claim of `total`; empty when they can.
std::string parts_unknown(const Count& count) {
    if (!count.parts_named && !same(count.total.value(), 0)) return "only the ledger names these parts";
    for (const auto& [part, seen] : count.parts) {
        if (!seen.present()) return fmt::format("the part {} is absent: {}", part, seen.reason());
    }
    return "";
}

std::string listed(const std::map<std::string, Figure>& parts) {
    std::vector<std::string> texts;
    for (const auto& [part, seen] : parts) {
        if (!seen.present())
            texts.push_back(part + " absent");
        else if (!same(seen.value(), 0))
            texts.push_back(fmt::format("{} {}", part, seen.text()));
    }
    return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

Judgement judge(const Claim& claim, const std::string& op, const Count& count) {
    Judgement judgement{&claim, op, Verdict::not_measurable, "", "", count.counters, ""};
    if (!count.total.present()) {
        judgement.reason = count.total.reason();
        return judgement;
    }
    judgement.measured = count.total.text();
    judgement.part = listed(count.parts);
    if (!count.agreed()) {
        judgement.reason = "the independent counters disagree";
        return judgement;
    }
    const double total = count.total.value();
    const bool in_range = total > claim.least - tolerance && total < claim.most + tolerance;
    if (claim.claim_class == ClaimClass::amortised) {
        judgement.reason = "an average over requests that share a call; in lockstep none do";
        return judgement;
    }
    // A wrong total needs no parts to be disproved, a right one is nothing without them.
    const auto claimed_parts = claim.parts.find(op);
    const bool by_parts = claim.claim_class == ClaimClass::exact || claimed_parts != claim.parts.end();
    const std::string unknown = by_parts ? parts_unknown(count) : "";
    if (in_range && !unknown.empty()) {
        judgement.reason = unknown;
        return judgement;
    }
    std::vector<std::string> differing;
    if (by_parts && unknown.empty())
        differing = differing_parts(claimed_parts == claim.parts.end() ? ClaimedParts{} : claimed_parts->second, count.parts);
    judgement.verdict = in_range && differing.empty() ? Verdict::confirmed : Verdict::disproved;
    if (!differing.empty()) judgement.part = fmt::format("{}", fmt::join(differing, "; "));
    return judgement;
}

// What the claim is about, absent with the variant and the suite where the run could not have had it.
Count count_for(const Claim& claim, const ReferenceClaims& reference, const std::string& op, const Measurements& measured) {
    for (const std::string& server : {claim.server, claim.less}) {
        if (claim.suite.empty() || server.empty() || measured.holds(reference.servers.at(server), op)) continue;
        Count count;
        count.total = Figure(Absent{
            fmt::format("{} is not in this run, the suite {} has it", to_string(reference.servers.at(server)), claim.suite)});
        return count;
    }
    Count count = count_of(measured, reference.servers.at(claim.server), op, claim.metric);
    if (claim.less.empty()) return count;
    const std::string& less_metric = claim.less_metric.empty() ? claim.metric : claim.less_metric;
    return difference(count, count_of(measured, reference.servers.at(claim.less), op, less_metric));
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::confirmed:
            return "confirmed";
        case Verdict::disproved:
            return "disproved";
        case Verdict::not_measurable:
            break;
    }
    return "not measurable";
}

std::vector<Judgement> judge_claims(const ReferenceClaims& reference, const Measurements& measured) {
    std::vector<Judgement> judgements;
    for (const Claim& claim : reference.claims) {
        for (const std::string& op : claim.ops) judgements.push_back(judge(claim, op, count_for(claim, reference, op, measured)));
    }
    return judgements;
}

std::vector<ConsistencyJudgement> judge_consistency(const ReferenceClaims& reference) {
    std::vector<ConsistencyJudgement> judgements;
    for (const ConsistencyClaim& claim : reference.consistency) {
        const Claim& first = reference.named(claim.first);
        const Claim& second = reference.named(claim.second);
        const bool apart = first.most < second.least || second.most < first.least;
        const bool equal = same(first.least, second.least) && same(first.most, second.most);
        const char* const relation = apart ? "contradict each other" : equal ? "agree" : "overlap, one is wider";
        judgements.push_back({&claim, apart,
                              fmt::format("line {} ({}): {}; line {} ({}): {}; they {}", first.line, first.section, first.text,
                                          second.line, second.section, second.text, relation)});
    }
    return judgements;
}

}  // namespace tare
