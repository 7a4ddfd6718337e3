// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/under_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "analysis/claims/held.h"
#include "analysis/model/count.h"

namespace tare {
namespace {

constexpr std::array<Source, 2> time_sources{Source::rusage, Source::client};

std::vector<CellKey> cells_of(const LoadMeasurements& load, const Claim& claim, const ClaimsFile& file, const std::string& op) {
    std::vector<CellKey> found;
    for (const CellKey& cell : load.cells()) {
        const bool sizes = (!claim.key_bytes || cell.key_bytes == *claim.key_bytes) &&
                           (claim.value_bytes ? cell.value_bytes == *claim.value_bytes
                                              : !file.value_bytes_below || cell.value_bytes < *file.value_bytes_below);
        if (sizes && cell.variant == claim.variant && cell.op == op && cell.pipeline == 1 &&
            cell.connections == claim.connections)
            found.push_back(cell);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const CellKey& one, const CellKey& other) { return one.value_bytes < other.value_bytes; });
    return found;
}

// A claim's number in one cell, and who counted it.
struct Counted {
    Sample sample{Absent{"not counted under load in this run"}};
    std::string counters;
    bool agreed = true;
};

Counted counted(const LoadMeasurements& load, const CellKey& cell, const std::string& metric) {
    if (metric == "queue_ops") {
        const Counted sqes = counted(load, cell, "sqes"), cqes = counted(load, cell, "cqes");
        return {sqes.sample + cqes.sample, sqes.counters, sqes.agreed && cqes.agreed};
    }
    const std::string name = counted_metric(metric);
    Sample told = load.counted(cell, {name, ""});
    if (told.present()) {
        const std::optional<bool> agreed = load.agreed(cell, {name, ""});
        const std::string counters = !agreed   ? std::string(name_of(*load.teller(cell, name))) + " alone"
                                     : *agreed ? "ledger = bpf"
                                               : "ledger, bpf otherwise";
        return {std::move(told), counters, agreed.value_or(true)};
    }
    for (const Source source : time_sources) {
        Sample sample = load.per_request(cell, source, {name, ""});
        if (sample.present()) return {std::move(sample), fmt::format("{} alone", name_of(source)), true};
    }
    return {std::move(told), "", true};
}

bool fits(const Claim& claim, double value) {
    return claim.claim_class == ClaimClass::amortised ? holds({0, claim.number.most}, value, claim.metric)
                                                      : holds(claim.number, value, claim.metric);
}

void judge(Judgement& judgement, const Counted& seen) {
    const Claim& claim = *judgement.claim;
    judgement.verdict = Verdict::not_judged;
    if (!seen.sample.present()) {
        judgement.reason = "under load: " + seen.sample.reason();
        return;
    }
    const Estimate estimate = seen.sample.estimate();
    const std::vector<double> values = seen.sample.values();
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    judgement.measured = count_text(estimate.value);
    judgement.part = fmt::format("a request at {} connections, {:.3f} to {:.3f} in {} repetitions", claim.connections, *least,
                                 *most, estimate.count);
    judgement.counters = seen.counters;
    if (!seen.agreed) {
        judgement.reason = counters_disagree;
        return;
    }
    if (estimate.count < 2) {
        judgement.reason = "one repetition decides nothing";
        return;
    }
    const auto apart = std::count_if(values.begin(), values.end(), [&](double value) { return !fits(claim, value); });
    judgement.reason = "";
    if (apart == 0)
        judgement.verdict = Verdict::confirmed;
    else if (static_cast<std::size_t>(apart) == estimate.count || claim.claim_class == ClaimClass::exact)
        judgement.verdict = Verdict::disproved;
    else
        judgement.reason = "the repetitions lie on either side";
}

// Of counts, which are exact for their windows: fewer in every repetition than the other has in any. Of times by the interval of
// the ratio, repetition by repetition.
void judge_fewer(Judgement& judgement, const Counted& seen, const Counted& other) {
    judgement.verdict = Verdict::not_judged;
    for (const Counted* const each : {&seen, &other}) {
        if (!each->sample.present()) {
            judgement.reason = "under load: " + each->sample.reason();
            return;
        }
    }
    judgement.counters = seen.counters;
    judgement.measured =
        fmt::format("{} against {}", count_text(seen.sample.estimate().value), count_text(other.sample.estimate().value));
    const std::vector<double> own = seen.sample.values(), others = other.sample.values();
    judgement.part = fmt::format("a request at {} connections, medians of {} and {} repetitions", judgement.claim->connections,
                                 own.size(), others.size());
    judgement.reason = "";
    if (!seen.agreed || !other.agreed) {
        judgement.reason = counters_disagree;
    } else if (judgement.claim->metric.ends_with("_ns")) {
        const Sample ratio = seen.sample / other.sample;
        const Estimate estimate = ratio.present() ? ratio.ratio_estimate() : Estimate{};
        if (!estimate.interval)
            judgement.reason = "too few repetitions for an interval";
        else if (estimate.surely_below(1) || estimate.surely_above(1))
            judgement.verdict = estimate.surely_below(1) ? Verdict::confirmed : Verdict::disproved;
        else
            judgement.reason = "the interval of the ratio has 1 in it: no difference is detected";
    } else if (own.size() < 2 || others.size() < 2) {
        judgement.reason = "one repetition decides nothing";
    } else if (*std::max_element(own.begin(), own.end()) < *std::min_element(others.begin(), others.end())) {
        judgement.verdict = Verdict::confirmed;
    } else if (*std::min_element(own.begin(), own.end()) >= *std::max_element(others.begin(), others.end())) {
        judgement.verdict = Verdict::disproved;
    } else {
        judgement.reason = "the repetitions of the two overlap";
    }
}

}  // namespace

void judge_under_load(Judgement& judgement, const ClaimsFile& file, const LoadMeasurements& load) {
    const Claim& claim = *judgement.claim;
    const std::vector<CellKey> cells = cells_of(load, claim, file, judgement.op);
    if (cells.empty()) return;
    // Which of the builds has it: counts are of the counted build, times of the timed one.
    Counted seen, other;
    for (const CellKey& cell : cells) {
        if (cell.value_bytes != cells.front().value_bytes) break;
        Counted here = counted(load, cell, claim.metric);
        if (seen.sample.present()) continue;
        seen = std::move(here);
        if (claim.relation == Relation::none) continue;
        const Build build = claim.other_variant.wiring.empty() ? Build::external
                            : cell.build == Build::external    ? Build::timed
                                                               : cell.build;
        other = counted(load, with_variant(cell, claim.other_variant, build), claim.metric);
    }
    if (claim.relation == Relation::none)
        judge(judgement, seen);
    else if (claim.relation == Relation::fewer)
        judge_fewer(judgement, seen, other);
    else
        judgement.reason = "differences and quotients are judged in lockstep alone";
}

}  // namespace tare
