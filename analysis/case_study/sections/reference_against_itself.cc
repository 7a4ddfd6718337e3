// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/sections/sections.h"

namespace tare::sections {

Section reference_against_itself(const CaseStudyFindings& findings) {
    Table table{{"Claim", "Verdict", "Statements", "Remark"}, {}};
    for (const ConsistencyJudgement& judgement : findings.consistency) {
        const document::Tone tone = judgement.contradiction ? document::Tone::bad : document::Tone::good;
        table.rows.push_back({code(judgement.claim->id), document::verdict(tone, std::string(judgement.verdict())),
                              judgement.statement, judgement.claim->remark});
    }
    return {"reference-document-against-itself", "The reference document against itself", {table}};
}

}  // namespace tare::sections
