// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/waterfall.h"

#include <fmt/format.h>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/sweep.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::sections {

std::string waterfall(const CaseStudyFindings& findings) {
    if (findings.load.cells().empty()) return "";
    markdown::Notes notes("waterfall");
    std::string text =
        "### From As Described to Ideal\n\nServer CPU per request in ns under load, and what each step between the two saves by "
        "the attribution; the residual's change is what the prices do not explain.\n\n";
    std::set<CellKey> used;
    for (const Waterfall& each : waterfalls(findings.load, findings.prices)) {
        if (!each.reason.empty()) {
            text += fmt::format("{}: absent, {}.\n\n", each.ideal.name, markdown::escaped(each.reason));
            continue;
        }
        used.insert({each.described, each.improved});
        std::vector<std::vector<std::string>> lines;
        for (const Waterfall::Step& step : each.steps) lines.push_back({step.label, notes.shown(step.ns)});
        text += fmt::format("{}, {} to {}, {}:\n\n", each.ideal.name, markdown::code(to_string(each.described.variant)),
                            markdown::code(to_string(each.improved.variant)), workload_text(each.described)) +
                markdown::table({"Step", "ns per request"}, lines);
    }
    return text + marked_cells(findings.load, used) + notes.text();
}

}  // namespace tare::sections
