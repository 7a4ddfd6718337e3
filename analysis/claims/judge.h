// SPDX-License-Identifier: Apache-2.0
// Claims held against a run: by total and by part, in every window, so that neither a right total made of wrong parts passes nor
// a number that holds in one window alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/claims/claim.h"
#include "analysis/model/load_measurements.h"
#include "analysis/model/measurements.h"

namespace tare {

enum class Verdict : std::uint8_t { confirmed, disproved, not_judged };
std::string_view name_of(Verdict verdict);

// One claim for one operation.
struct Judgement {
    const Claim* claim = nullptr;
    std::string op;
    Verdict verdict = Verdict::not_judged;
    std::string measured;  // per request, of every window where they differ; empty when nothing was
    std::string part;      // what decided: the parts that differ, or what the total is made of
    std::string counters;  // who counted it, and whether they agree
    std::string reason;    // why not judged, and what the run has instead
};

// A run in lockstep, window by window: each as if it were the only one.
std::vector<Measurements> windows_of(const std::vector<Observation>& observations);

// Each claim with each of its operations, in the file's order. Claims about one connection are judged in lockstep; those about
// more, and the amortised ones, under load.
std::vector<Judgement> judge_claims(const ClaimsFile& file, const std::vector<Measurements>& windows,
                                    const LoadMeasurements& load);

// How many facts the judgements are about: what two claims say in the same words of the same number of one server is one.
struct Headline {
    std::size_t claims = 0;
    std::size_t facts = 0;
    std::size_t confirmed = 0;
    std::size_t disproved = 0;
    std::size_t not_judged = 0;
    std::size_t needed = 0;  // judgements that are not judged although their claim must be
};
Headline headline_of(const std::vector<Judgement>& judgements);
// "4 facts: 3 confirmed, 1 disproved".
std::string to_string(const Headline& headline);

// Two statements of one file about one thing.
struct ConsistencyJudgement {
    const ConsistencyClaim* claim = nullptr;
    bool contradiction = false;
    std::string statement;  // both, with their lines

    std::string_view verdict() const { return contradiction ? "contradiction" : "no contradiction"; }
};
std::vector<ConsistencyJudgement> judge_consistency(const ClaimsFile& file);

}  // namespace tare
