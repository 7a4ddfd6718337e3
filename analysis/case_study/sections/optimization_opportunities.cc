// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/case_study/opportunities.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"

namespace tare::sections {
namespace {

constexpr std::array<const char*, 4> metrics_shown{"syscalls", "queue_ops", "allocations", "data_copies"};

// "6 → 5" for each metric, and what is saved in the one that the item promises.
Row row_of(const CaseStudyFindings& findings, const Opportunity& item, const Opportunity::Step& step, const std::string& op) {
    Row row{code(to_string(step.before)), code(to_string(step.after)), code(op)};
    for (const char* const metric : metrics_shown) {
        const Count before = count_of(findings.measured, step.before, op, metric);
        const Count after = count_of(findings.measured, step.after, op, metric);
        row.emplace_back(text_of(shown(before), " → ", shown(after)));
    }
    row.push_back(document::cell(count_of(findings.measured, step.before, op, item.promises).total -
                                 count_of(findings.measured, step.after, op, item.promises).total));
    const std::optional<ContrastPair> in_turn = find_pair(findings.contrasts, step.after, step.before, op);
    row.push_back(in_turn ? document::time(difference_ns(*in_turn))
                          : document::absent(fmt::format("this run holds no contrast of {} and {} for {} (suite `steps`)",
                                                         to_string(step.before), to_string(step.after), op)));
    return row;
}

Cell verdict_of(Delivery delivery) {
    const document::Tone tone = delivery == Delivery::delivers  ? document::Tone::good
                                : delivery == Delivery::nothing ? document::Tone::bad
                                                                : document::Tone::open;
    return document::verdict(tone, std::string(name_of(delivery)));
}

}  // namespace

Section optimization_opportunities(const CaseStudyFindings& findings) {
    Table found{{"Priority", "Item", "Line", "Promised: fewer", "Verdict", "Why"}, {}};
    Section section{"optimization-opportunities", "Optimization Opportunities"};
    for (const Opportunity& item : load_opportunities()) {
        const Delivered delivered = judge(item, findings.measured);
        found.rows.push_back({item.priority, document::quoted(item.text), document::count(item.line), code(item.promises),
                              verdict_of(delivered.delivery), delivered.reason});
        Table table{{"Before", "After", "Operation", "Syscalls", "Queue Ops", "Allocations", "Memcpy of data",
                     fmt::format("Saved: {}", item.promises), "CPU ns more"},
                    {}};
        for (const Opportunity::Step& step : item.steps) {
            for (const std::string& op : item.ops) table.rows.push_back(row_of(findings, item, step, op));
        }
        section.details.insert(section.details.end(), {Heading{3, document::quoted(item.text)}, table});
    }
    section.summary = {
        Paragraph{"Each item of the reference document as two running variants that differ by it, counted per request "
                  "before and after; small value, lockstep. The details also say how much more CPU time a request takes after "
                  "it, under load, "
                  "where the run holds a contrast of the two."},
        found};
    return section;
}

}  // namespace tare::sections
