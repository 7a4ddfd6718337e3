// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/csv.h"

#include "run/csv.h"

namespace tare {

std::string claims_csv(const ClaimsFile& file, const std::vector<Judgement>& judgements,
                       const std::vector<ConsistencyJudgement>& consistency) {
    std::string text = csv_line({"claim", "section", "line", "server", "op", "metric", "class", "claimed", "measured", "verdict",
                                 "part", "counters", "reason"});
    for (const Judgement& judgement : judgements) {
        const Claim& claim = *judgement.claim;
        text += csv_line({claim.id, claim.section, std::to_string(claim.line), claim.measured_server(), judgement.op,
                          claim.measured_metric(), std::string(name_of(claim.claim_class)), claim.text, judgement.measured,
                          std::string(name_of(judgement.verdict)), judgement.part, judgement.counters, judgement.reason});
    }
    for (const ConsistencyJudgement& judgement : consistency) {
        const Claim& first = file.named(judgement.claim->first);
        const Claim& second = file.named(judgement.claim->second);
        text += csv_line({judgement.claim->id, first.section, std::to_string(first.line), first.server, "", first.metric,
                          "consistency", first.text, second.text, std::string(judgement.verdict()), judgement.statement,
                          "the reference document", ""});
    }
    return text;
}

}  // namespace tare
