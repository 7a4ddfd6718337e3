// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/plain_text.h"

namespace tare {
namespace {

int order(const Judgement& judgement) {
    if (judgement.verdict == Verdict::disproved) return 0;
    if (judgement.verdict == Verdict::confirmed) return 3;
    return judgement.claim->must ? 1 : 2;
}

}  // namespace

ExitCode Check::code() const {
    if (headline.disproved > 0) return ExitCode::gate_crossed;
    return headline.needed > 0 ? ExitCode::cannot_measure : ExitCode::ok;
}

Check check_run(const Run& run, ClaimsFile claims) {
    Check check;
    check.run = run.id;
    if (const auto suite = run.environment.find("suite"); suite != run.environment.end() && suite->is_object())
        check.suite = suite->value("name", "");
    check.claims = std::make_shared<const ClaimsFile>(std::move(claims));
    check.judgements = judge_claims(*check.claims, windows_of(run.observations), LoadMeasurements(run.observations));
    check.consistency = judge_consistency(*check.claims);
    check.headline = headline_of(check.judgements);
    std::stable_sort(check.judgements.begin(), check.judgements.end(),
                     [](const Judgement& one, const Judgement& other) { return order(one) < order(other); });
    return check;
}

std::string counters_text(const Judgement& judgement) {
    constexpr std::string_view alone = " alone";
    const std::string& counters = judgement.counters;
    if (!counters.ends_with(alone) || counters.find(';') != std::string::npos) return counters;
    return "one counter: " + counters.substr(0, counters.size() - alone.size());
}

std::string subject_text(const Judgement& judgement) {
    const Claim& claim = *judgement.claim;
    std::string text = claim.measured_server() + (judgement.op.empty() ? "" : " " + judgement.op) + " " + claim.measured_metric();
    if (claim.connections > 1) text += fmt::format(" at {} connections", claim.connections);
    return plain(text);
}

std::string finding_text(const Judgement& judgement) {
    return plain(fmt::format("claimed {}, measured {}", judgement.claim->text,
                             judgement.measured.empty() ? "nothing" : judgement.measured));
}

std::string because_text(const Judgement& judgement) {
    std::string text = judgement.reason.empty() ? judgement.part : judgement.reason;
    if (!judgement.reason.empty() && !judgement.part.empty()) text = judgement.reason + " (" + judgement.part + ")";
    return plain(text);
}

}  // namespace tare
