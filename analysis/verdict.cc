// SPDX-License-Identifier: Apache-2.0
#include "analysis/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "analysis/count.h"

namespace tare {
namespace {

// Slopes of bytes over sizes carry the digits of the sizes with them; anything a part could be off by is far more.
constexpr double tolerance = 0.005;

bool same(double left, double right) { return std::abs(left - right) < tolerance; }

std::string shown(double number) { return fmt::format("{:.6g}", number); }

// Every part that is not as claimed, the claimed ones first.
std::vector<std::string> differing_parts(const Claim& claim, const std::map<std::string, Figure>& parts) {
    std::vector<std::string> differing;
    for (const auto& [part, claimed] : claim.parts) {
        const auto found = parts.find(part);
        const double seen = found == parts.end() ? 0 : found->second.value();
        if (!same(seen, claimed))
            differing.push_back(fmt::format("{}: claimed {}, measured {}", part, shown(claimed), shown(seen)));
    }
    for (const auto& [part, seen] : parts) {
        if (!claim.parts.contains(part) && !same(seen.value(), 0))
            differing.push_back(fmt::format("{}: not claimed, measured {}", part, shown(seen.value())));
    }
    return differing;
}

std::string listed(const std::map<std::string, Figure>& parts) {
    std::vector<std::string> texts;
    for (const auto& [part, seen] : parts) {
        if (!same(seen.value(), 0)) texts.push_back(fmt::format("{} {}", part, seen.text()));
    }
    return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

Judgement judge(const Claim& claim, const std::string& op, const Count& count) {
    Judgement judgement{&claim, op, Verdict::not_measurable, "", "", count.witnesses, ""};
    if (!count.total.present()) {
        judgement.reason = count.total.reason();
        return judgement;
    }
    judgement.measured = count.total.text();
    judgement.part = listed(count.parts);
    if (!count.agreed) {
        judgement.reason = "the witnesses disagree";
        return judgement;
    }
    const double total = count.total.value();
    const bool in_range = total > claim.least - tolerance && total < claim.most + tolerance;
    if (claim.claim_class == ClaimClass::amortised) {
        judgement.reason = "an average over requests that share a call; in lockstep none do";
        return judgement;
    }
    if (claim.claim_class == ClaimClass::exact && in_range && !count.parts_named && !same(total, 0)) {
        judgement.reason = "only the ledger names these parts";
        return judgement;
    }
    const auto differing = claim.claim_class == ClaimClass::exact && count.parts_named ? differing_parts(claim, count.parts)
                                                                                       : std::vector<std::string>{};
    judgement.verdict = in_range && differing.empty() ? Verdict::confirmed : Verdict::disproved;
    if (!differing.empty()) judgement.part = fmt::format("{}", fmt::join(differing, "; "));
    return judgement;
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

std::vector<Judgement> judge_claims(const SeedClaims& seed, const Measurements& measured) {
    std::vector<Judgement> judgements;
    for (const Claim& claim : seed.claims) {
        for (const std::string& op : claim.ops)
            judgements.push_back(judge(claim, op, count_of(measured, seed.servers.at(claim.server), op, claim.metric)));
    }
    return judgements;
}

std::vector<ConsistencyJudgement> judge_consistency(const SeedClaims& seed) {
    std::vector<ConsistencyJudgement> judgements;
    for (const ConsistencyClaim& claim : seed.consistency) {
        const Claim& first = seed.named(claim.first);
        const Claim& second = seed.named(claim.second);
        const bool apart = first.most < second.least || second.most < first.least;
        const bool equal = same(first.least, second.least) && same(first.most, second.most);
        const char* const relation = apart ? "contradict each other" : equal ? "agree" : "overlap, one is wider";
        judgements.push_back({&claim, apart ? Verdict::disproved : Verdict::confirmed,
                              fmt::format("line {} ({}): {}; line {} ({}): {}; they {}", first.line, first.section, first.text,
                                          second.line, second.section, second.text, relation)});
    }
    return judgements;
}

}  // namespace tare
