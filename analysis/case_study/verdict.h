// SPDX-License-Identifier: Apache-2.0
// Claims held against a run: by total and by part, so that a right total made of wrong parts does not pass.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/case_study/claims.h"
#include "analysis/model/measurements.h"

namespace tare {

enum class Verdict : std::uint8_t { confirmed, disproved, not_measurable };
std::string_view name_of(Verdict verdict);

// One claim for one operation.
struct Judgement {
    const Claim* claim = nullptr;
    std::string op;
    Verdict verdict = Verdict::not_measurable;
    std::string measured;  // per request; empty when nothing was
    std::string part;      // what decided: the parts that differ, or what the total is made of
    std::string counters;  // who counted it, and whether they agree
    std::string reason;    // why not measurable
};

std::vector<Judgement> judge_claims(const ReferenceClaims& reference, const Measurements& measured);

// Two statements of the reference document about one thing.
struct ConsistencyJudgement {
    const ConsistencyClaim* claim = nullptr;
    bool contradiction = false;
    std::string statement;  // both, with their lines

    std::string_view verdict() const { return contradiction ? "contradiction" : "no contradiction"; }
};

std::vector<ConsistencyJudgement> judge_consistency(const ReferenceClaims& reference);

}  // namespace tare
