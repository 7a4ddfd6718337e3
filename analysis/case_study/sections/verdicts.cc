// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "analysis/case_study/sections/sections.h"

namespace tare::sections {

std::string verdicts(const CaseStudyFindings& findings) {
    std::map<Verdict, std::size_t> counts;
    for (const Judgement& judgement : findings.judgements) ++counts[judgement.verdict];
    std::size_t contradictions = 0;
    for (const ConsistencyJudgement& judgement : findings.consistency) contradictions += judgement.contradiction ? 1 : 0;
    return fmt::format(
        "The reference document's tables make {} claims, which are {} when each operation that one speaks of is "
        "taken by itself. "
        "Held against measurement by total and by part, {} of these are confirmed, {} disproved, and {} not measurable in this "
        "run. The document contradicts itself in {} of {} places looked at.\n\n",
        findings.reference.claims.size(), findings.judgements.size(), counts[Verdict::confirmed], counts[Verdict::disproved],
        counts[Verdict::not_measurable], contradictions, findings.consistency.size());
}

}  // namespace tare::sections
