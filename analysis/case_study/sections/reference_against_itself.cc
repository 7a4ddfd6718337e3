// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/case_study/sections/sections.h"
#include "analysis/report/markdown.h"

namespace tare::sections {

std::string reference_against_itself(const CaseStudyFindings& findings) {
    std::vector<std::vector<std::string>> lines;
    for (const ConsistencyJudgement& judgement : findings.consistency) {
        lines.push_back({markdown::code(judgement.claim->id),
                         judgement.contradiction ? "**contradiction**" : std::string(judgement.verdict()),
                         markdown::escaped(judgement.statement), markdown::escaped(judgement.claim->remark)});
    }
    return "## The reference document against itself\n\n" + markdown::table({"Claim", "Verdict", "Statements", "Remark"}, lines);
}

}  // namespace tare::sections
