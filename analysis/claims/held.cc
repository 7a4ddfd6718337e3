// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/held.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace tare {
namespace {

constexpr double rounding = 1e-9;  // of a quotient of two whole numbers
constexpr double slope_rounding = 0.005;
constexpr const char* slope_metric = "value_copies";

double tolerance_of(const std::string& metric) { return metric == slope_metric ? slope_rounding : rounding; }

// How the parts differ from those that are claimed.
struct Differences {
    std::vector<std::string> named;    // claimed, and not so
    std::vector<std::string> unnamed;  // measured, and not claimed

    bool any() const { return !named.empty() || !unnamed.empty(); }
    std::string text() const {
        std::vector<std::string> all = named;
        all.insert(all.end(), unnamed.begin(), unnamed.end());
        return fmt::format("{}", fmt::join(all, "; "));
    }
};

Differences differences(const ClaimedParts& claimed_parts, const std::map<std::string, PerRequest>& parts,
                        const std::string& metric) {
    Differences found;
    for (const auto& [part, claimed] : claimed_parts) {
        const auto seen = parts.find(part);
        const double measured = seen == parts.end() ? 0 : seen->second.value();
        if (!holds(claimed, measured, metric))
            found.named.push_back(
                fmt::format("{}: claimed {}, measured {}", part, to_string(claimed), fmt::format("{:.6g}", measured)));
    }
    for (const auto& [part, seen] : parts) {
        if (!claimed_parts.contains(part) && !holds({0, 0}, seen.value(), metric))
            found.unnamed.push_back(fmt::format("{}: not claimed, measured {:.6g}", part, seen.value()));
    }
    return found;
}

// Why the parts cannot be held against a claim; empty when they can.
std::string parts_unknown(const Count& count, const std::map<std::string, PerRequest>& parts) {
    if (!count.parts_named && count.total.value() != 0) return "only the ledger names these parts";
    for (const auto& [part, seen] : parts) {
        if (!seen.present()) return fmt::format("the part {} is absent: {}", part, seen.reason());
    }
    return "";
}

std::string listed(const std::map<std::string, PerRequest>& parts, const std::string& metric) {
    std::vector<std::string> texts;
    for (const auto& [part, seen] : parts) {
        if (!seen.present())
            texts.push_back(part + " absent");
        else if (!holds({0, 0}, seen.value(), metric))
            texts.push_back(fmt::format("{} {}", part, number_text(seen.value())));
    }
    return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

// "sqes read" is "sqes recv": two ways to ask the kernel for one thing.
std::string claimed_name(const std::string& part, const std::string& metric) {
    if (metric == "sqes" || metric == "cqes") return opcode_family(part);
    if (!metric.starts_with("queue_") || part.size() < 5) return part;
    return part.substr(0, 5) + opcode_family(part.substr(5));
}

ClaimedParts by_family(const ClaimedParts& parts, const std::string& metric) {
    ClaimedParts folded;
    for (const auto& [part, number] : parts) {
        ClaimedNumber& sum = folded[claimed_name(part, metric)];
        sum = {sum.least + number.least, sum.most + number.most};
    }
    return folded;
}

}  // namespace

bool holds(const ClaimedNumber& claimed, double measured, const std::string& metric) {
    const double tolerance = tolerance_of(metric);
    return measured > claimed.least - tolerance && measured < claimed.most + tolerance;
}

std::string number_text(double number) {
    if (std::isinf(number)) return "some over none";
    if (number == std::floor(number)) return fmt::format("{:.0f}", number);
    const std::string text = fmt::format("{:.3f}", number);
    return text.ends_with(".000") ? fmt::format("{:.9g}", number) : text;
}

std::map<std::string, PerRequest> parts_by_claimed_names(const Count& count, const std::string& metric) {
    std::map<std::string, PerRequest> folded;
    for (const auto& [part, figure] : count.parts) {
        const auto [place, fresh] = folded.emplace(claimed_name(part, metric), figure);
        if (!fresh) place->second = place->second + figure;
    }
    return folded;
}

Judgement hold(const Claim& claim, const std::string& op, const Count& count) {
    Judgement judgement{&claim, op, Verdict::not_judged, "", "", count.counters, ""};
    if (!count.total.present()) {
        judgement.reason = count.total.reason();
        return judgement;
    }
    const double total = count.total.value();
    const std::map<std::string, PerRequest> parts = parts_by_claimed_names(count, claim.metric);
    judgement.measured = number_text(total);
    judgement.part = listed(parts, claim.metric);
    if (!count.agreed()) {
        judgement.reason = counters_disagree;
        return judgement;
    }
    if (claim.claim_class == ClaimClass::amortised) {
        judgement.reason = "an average over requests that share a call; in lockstep none do";
        return judgement;
    }
    // A wrong total needs no parts to be disproved; a right one is nothing without those that are stated.
    const bool in_range = claim.relation == Relation::fewer ? total < -rounding : holds(claim.number, total, claim.metric);
    const ClaimedParts* const stated = claim.stated_for(op);
    const std::string unknown = stated == nullptr ? "" : parts_unknown(count, parts);
    if (in_range && !unknown.empty()) {
        judgement.reason = unknown;
        return judgement;
    }
    Differences found;
    if (stated != nullptr && unknown.empty()) found = differences(by_family(*stated, claim.metric), parts, claim.metric);
    // The parts of an exact claim make its total, so that there is no other.
    const bool by_parts = !found.named.empty() || (claim.claim_class == ClaimClass::exact && !found.unnamed.empty());
    judgement.verdict = in_range && !by_parts ? Verdict::confirmed : Verdict::disproved;
    if (judgement.verdict == Verdict::disproved && found.any()) judgement.part = found.text();
    const ClaimedParts* const inferred = claim.inferred_for(op);
    if (inferred == nullptr || !parts_unknown(count, parts).empty()) return judgement;
    const Differences explained = differences(by_family(*inferred, claim.metric), parts, claim.metric);
    if (explained.any()) judgement.part += fmt::format(" (not as inferred: {})", explained.text());
    return judgement;
}

}  // namespace tare
