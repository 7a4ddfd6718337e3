// SPDX-License-Identifier: Apache-2.0
// A run held against a file of claims, and what comes of it. How that is written is the formats' business (formats/).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/claims/claim.h"
#include "analysis/claims/judge.h"
#include "core/error.h"
#include "run/run_reader.h"

namespace tare {

struct Check {
    std::string run;
    std::string suite;
    std::shared_ptr<const ClaimsFile> claims;  // which the judgements point into
    std::vector<Judgement> judgements;  // disproved first, then what must be judged and is not, then the rest; each in file order
    std::vector<ConsistencyJudgement> consistency;
    Headline headline;

    // gate_crossed where a claim is disproved, before cannot_measure where one is not judged and its file says that it must be.
    ExitCode code() const;
};

Check check_run(const Run& run, ClaimsFile claims);

// "ledger = bpf"; of a single one "one counter: bpf".
std::string counters_text(const Judgement& judgement);
// "echo get_hit syscalls".
std::string subject_text(const Judgement& judgement);
// "claimed 3, measured 4".
std::string finding_text(const Judgement& judgement);
// What decided, and why nothing could; empty where there is nothing to say.
std::string because_text(const Judgement& judgement);

}  // namespace tare
