// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/amortised_claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analysis/model/measurements.h"
#include "analysis/model/per_request.h"

namespace tare {
namespace {

constexpr std::uint64_t claimed_connections = 64;

std::optional<CellKey> counted_cell(const LoadMeasurements& load, const VariantName& variant, const std::string& op) {
    std::optional<CellKey> found;
    for (const CellKey& cell : load.cells()) {
        const bool fits = cell.variant == variant && cell.build == "counted" && cell.op == op && cell.pipeline == 1 &&
                          cell.connections == claimed_connections && cell.value_bytes < small_value_bytes;
        if (fits && (!found || cell.value_bytes < found->value_bytes)) found = cell;
    }
    return found;
}

void judge(Judgement& judgement, const LoadMeasurements& load, const CellKey& cell) {
    const Sample calls = load.counted(cell, {"syscalls", ""});
    if (!calls.present()) {
        judgement.reason = "under load: " + calls.reason();
        return;
    }
    const Estimate estimate = calls.estimate();
    const std::vector<double> values = calls.values();
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    judgement.measured = Figure(estimate.value).text();
    judgement.part = fmt::format("a request at {} connections, {:.3f} to {:.3f} in {} repetitions", claimed_connections, *least,
                                 *most, estimate.count);
    const std::optional<bool> agreed = load.agreed(cell, {"syscalls", ""});
    judgement.counters = !agreed ? load.teller(cell, "syscalls") + " alone" : *agreed ? "ledger = bpf" : "ledger, bpf otherwise";
    if (agreed && !*agreed) {
        judgement.reason = "the independent counters disagree";
        return;
    }
    if (estimate.count < 2) {
        judgement.reason = "one repetition decides nothing";
        return;
    }
    const double claimed = judgement.claim->most;
    const auto more = std::count_if(values.begin(), values.end(), [&](double value) { return value > claimed; });
    judgement.reason = "";
    if (more == 0)
        judgement.verdict = Verdict::confirmed;
    else if (static_cast<std::size_t>(more) == estimate.count)
        judgement.verdict = Verdict::disproved;
    else
        judgement.reason = "the repetitions lie on either side";
}

}  // namespace

void judge_amortised(std::vector<Judgement>& judgements, const ReferenceClaims& reference, const LoadMeasurements& load) {
    for (Judgement& judgement : judgements) {
        const Claim& claim = *judgement.claim;
        const bool judged_here = claim.claim_class == ClaimClass::amortised && claim.metric == "syscalls" && claim.less.empty();
        if (!judged_here) continue;
        const auto cell = counted_cell(load, reference.servers.at(claim.server), judgement.op);
        if (cell) judge(judgement, load, *cell);
    }
}

}  // namespace tare
