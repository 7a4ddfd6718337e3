// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/case_study/opportunities.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/report/markdown.h"

namespace tare::sections {
namespace {

constexpr std::array<const char*, 4> metrics_shown{"syscalls", "queue_ops", "allocations", "data_copies"};

// "6 → 5" for each metric, and what is saved in the one that the item promises.
std::vector<std::string> line_of(const CaseStudyFindings& findings, const Opportunity& item, const Opportunity::Step& step,
                                 const std::string& op, markdown::Notes& notes) {
    std::vector<std::string> line{markdown::code(to_string(step.before)), markdown::code(to_string(step.after)),
                                  markdown::code(op)};
    for (const char* const metric : metrics_shown) {
        const Count before = count_of(findings.measured, step.before, op, metric);
        const Count after = count_of(findings.measured, step.after, op, metric);
        line.push_back(fmt::format("{} → {}", notes.shown(before), notes.shown(after)));
    }
    line.push_back(notes.shown(count_of(findings.measured, step.before, op, item.promises).total -
                               count_of(findings.measured, step.after, op, item.promises).total));
    return line;
}

}  // namespace

std::string optimization_opportunities(const CaseStudyFindings& findings) {
    std::string text =
        "## Optimization Opportunities\n\nEach item of the reference document as two running variants that differ by it, "
        "counted per request before and after; small value, lockstep.\n\n";
    std::string priority;
    markdown::Notes notes("opportunities");
    for (const Opportunity& item : load_opportunities()) {
        if (item.priority != priority) text += fmt::format("### {}\n\n", item.priority);
        priority = item.priority;
        const Delivered delivered = judge(item, findings.measured);
        text += fmt::format("**{}** (line {}): **{}**. Promised: fewer {}; {}.\n\n", item.text, item.line,
                            name_of(delivered.delivery), markdown::code(item.promises), markdown::escaped(delivered.reason));
        std::vector<std::vector<std::string>> lines;
        for (const Opportunity::Step& step : item.steps)
            for (const std::string& op : item.ops) lines.push_back(line_of(findings, item, step, op, notes));
        text += markdown::table({"Before", "After", "Operation", "Syscalls", "Queue Ops", "Allocations", "Memcpy of data",
                                 fmt::format("Saved: {}", item.promises)},
                                lines);
    }
    return text + notes.text();
}

}  // namespace tare::sections
