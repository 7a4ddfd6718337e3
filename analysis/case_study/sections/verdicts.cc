// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {

std::string verdicts(const Findings& findings) {
    std::map<Verdict, std::size_t> counts;
    for (const Judgement& judgement : findings.judgements) ++counts[judgement.verdict];
    std::size_t contradictions = 0;
    for (const ConsistencyJudgement& judgement : findings.consistency) contradictions += judgement.contradiction ? 1 : 0;
    std::string text = fmt::format(
        "Run {}, {}. The reference document's tables make {} claims, which are {} when each operation that one speaks of is "
        "taken by itself. "
        "Held against measurement by total and by part, {} of these are confirmed, {} disproved, and {} not measurable in this "
        "run. The reference document contradicts itself in {} of {} places looked at.\n\n",
        markdown::code(findings.run.id), markdown::escaped(findings.run.environment.value("started_at", "time unknown")),
        findings.reference.claims.size(), findings.judgements.size(), counts[Verdict::confirmed], counts[Verdict::disproved],
        counts[Verdict::not_measurable], contradictions, findings.consistency.size());
    for (const auto& warning : findings.run.environment.value("warnings", nlohmann::json::array()))
        text += fmt::format("> Warning: {}\n\n", markdown::escaped(warning.get<std::string>()));
    return text;
}

}  // namespace tare::sections
