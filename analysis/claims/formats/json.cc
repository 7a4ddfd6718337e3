// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "analysis/claims/formats/formats.h"
#include "core/plain_text.h"

namespace tare::claims {
namespace {

using nlohmann::ordered_json;

ordered_json number_of(double number) { return number == unlimited ? ordered_json(nullptr) : ordered_json(number); }

ordered_json row_of(const Judgement& judgement) {
    const Claim& claim = *judgement.claim;
    ordered_json row{{"claim", plain(claim.id)},
                     {"where", plain(claim.where)},
                     {"server", plain(claim.measured_server())},
                     {"op", plain(judgement.op)},
                     {"metric", claim.measured_metric()},
                     {"connections", claim.connections},
                     {"class", name_of(claim.claim_class)},
                     {"claimed", plain(claim.text)},
                     {"least", number_of(claim.number.least)},
                     {"most", number_of(claim.number.most)},
                     {"must", claim.must},
                     {"verdict", name_of(judgement.verdict)}};
    if (!judgement.measured.empty()) row["measured"] = plain(judgement.measured);
    if (!judgement.part.empty()) row["parts"] = plain(judgement.part);
    if (!judgement.counters.empty()) row["counters"] = plain(counters_text(judgement));
    if (!judgement.reason.empty()) row["not_judged_because"] = plain(judgement.reason);
    if (!claim.reason.empty()) row["claimed_because"] = plain(claim.reason);
    return row;
}

}  // namespace

std::string json_format(const Check& check) {
    ordered_json document{{"schema", 1},
                          {"run", plain(check.run)},
                          {"suite", plain(check.suite)},
                          {"claims", plain(check.claims->name)},
                          {"exit_code", static_cast<int>(check.code())},
                          {"facts",
                           {{"total", check.headline.facts},
                            {"confirmed", check.headline.confirmed},
                            {"disproved", check.headline.disproved},
                            {"not_judged", check.headline.not_judged}}},
                          {"judgements", ordered_json::array()},
                          {"contradictions", ordered_json::array()}};
    for (const Judgement& judgement : check.judgements) document["judgements"].push_back(row_of(judgement));
    for (const ConsistencyJudgement& each : check.consistency) {
        if (each.contradiction) document["contradictions"].push_back(plain(each.statement));
    }
    return document.dump(1) + "\n";
}

}  // namespace tare::claims
