// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/waterfall.h"

#include <fmt/format.h>

#include "analysis/case_study/figures/figures.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/sweep.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::sections {
namespace {

// The whole difference, how it was measured, and how much of it the prices explain.
Text difference_of(const Waterfall::Descent& descent) {
    Text text = text_of("The difference is ", shown(descent.difference), " ns a request");
    text += descent.contrast.empty() ? Text(", between two cells that were timed apart")
                                     : text_of(", measured in turn (contrast ", code(descent.contrast), ")");
    if (!descent.explained.present())
        return text_of(text, "; what share of it the prices explain is absent", note(descent.explained.reason()), ".");
    const Estimate percent = descent.explained.value() * 100;
    return text_of(text, fmt::format("; counts times prices explain {:.0f} % of it ({:.0f} to {:.0f}).", percent.value,
                                     percent.low, percent.high));
}

}  // namespace

Section waterfall(const CaseStudyFindings& findings) {
    Section section{"from-as-described-to-ideal", "From As Described to Ideal"};
    if (findings.load.cells().empty()) return section;
    section.summary = {Paragraph{"Server CPU per request in ns under load, and what each step between the two saves by the "
                                 "attribution; the residual's "
                                 "change is what the prices do not explain."},
                       document::Figure{figures::waterfall(findings)}};
    std::set<CellKey> used;
    for (const Waterfall& each : waterfalls(findings.load, findings.prices, findings.contrasts)) {
        if (!each.descent.present()) {
            section.details.emplace_back(Paragraph{text_of(each.ideal.name, ": absent, ", each.descent.reason(), ".")});
            continue;
        }
        const Waterfall::Descent& descent = each.descent.value();
        const auto& [described, improved, steps, difference, explained, contrast] = descent;
        used.insert({described, improved});
        section.summary.emplace_back(Paragraph{text_of(each.ideal.name, ": ", difference_of(descent))});
        Table table{{"Step", "ns per request"}, {}};
        table.rows.reserve(steps.size());
        for (const Waterfall::Step& step : steps) table.rows.push_back({step.label, document::time(step.ns)});
        section.details.insert(section.details.end(),
                               {Paragraph{text_of(each.ideal.name, ", ", code(to_string(described.variant)), " to ",
                                                  code(to_string(improved.variant)), ", ", workload_text(described), ":")},
                                table});
    }
    add_marked_cells(section, findings.load, used);
    return section;
}

}  // namespace tare::sections
