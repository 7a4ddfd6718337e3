// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/case_study/sections/sections.h"
#include "analysis/report/markdown.h"

namespace tare::sections {

std::string claims_checked(const CaseStudyFindings& findings) {
    std::vector<std::vector<std::string>> lines;
    for (const Judgement& judgement : findings.judgements) {
        const Claim& claim = *judgement.claim;
        const std::string why = judgement.reason.empty() ? judgement.part
                                : judgement.part.empty() ? judgement.reason
                                                         : judgement.part + "; " + judgement.reason;
        lines.push_back({fmt::format("{}, line {}", markdown::escaped(claim.section), claim.line), claim.measured_server(),
                         markdown::code(judgement.op), markdown::code(claim.measured_metric()), markdown::escaped(claim.text),
                         judgement.measured.empty() ? "absent" : judgement.measured,
                         judgement.verdict == Verdict::disproved ? "**disproved**" : std::string(name_of(judgement.verdict)),
                         markdown::escaped(why), markdown::escaped(judgement.counters)});
    }
    std::string bases;
    for (const Claim& claim : findings.reference.claims) {
        if (!claim.basis.empty())
            bases +=
                fmt::format("- {}, line {}, {}, {}: {}\n", markdown::escaped(claim.section), claim.line, claim.measured_server(),
                            markdown::code(claim.measured_metric()), markdown::escaped(claim.basis));
    }
    if (!bases.empty())
        bases = "Judged on a basis of their own, which is what the reference document counts there and nowhere else:\n\n" +
                bases + "\n";
    return "## Claims checked\n\nBy total and by part: a right total made of wrong parts is disproved, and the parts that decide "
           "are named. `A less B` is what A costs more than B.\n\n" +
           markdown::table({"Where in the reference document", "Server", "Operation", "Metric", "Claimed", "Measured", "Verdict",
                            "Parts", "Independent counters"},
                           lines) +
           bases;
}

}  // namespace tare::sections
