// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/case_study/document.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/claims/section.h"
#include "analysis/model/attribution.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/model/waterfall.h"

namespace tare::sections {
namespace {

PerRequest per_second(const PerRequest& per_request) {
    return per_request.transform([](double each) { return each * reference_document::requests_per_s; });
}

// What each category costs more as described than in the ideal, by CPU time: what "the biggest gap" can mean of unlike counts.
List biggest_gap(const CaseStudyFindings& findings) {
    List list;
    for (const Waterfall& each : waterfalls(findings.load, findings.prices, findings.contrasts)) {
        if (!each.descent.present()) {
            list.items.push_back(text_of(each.ideal.name, ": not judged: ", each.descent.reason(), "."));
            continue;
        }
        std::vector<Text> parts;
        const Waterfall::Step* biggest = nullptr;
        bool all_known = true;
        for (const Waterfall::Step& step : each.descent.value().steps) {
            if (step.kind != Waterfall::Kind::change) continue;
            parts.push_back(text_of(step.label, " ", shown(step.ns)));
            all_known = all_known && step.ns.present();
            if (step.ns.present() && (biggest == nullptr || step.ns.value().value < biggest->ns.value().value)) biggest = &step;
        }
        Text verdict = "not judged, a price is absent";
        if (all_known && biggest != nullptr) {
            const bool allocations = biggest->label == name_of(Expense::allocations);
            verdict = verdict_cell(allocations ? Verdict::confirmed : Verdict::disproved).content;
            if (!allocations) verdict += text_of(", the biggest gap is ", biggest->label);
        }
        list.items.push_back(text_of(each.ideal.name, ": ", verdict,
                                     ". In ns of CPU time a request from as described to ideal: ", joined(parts, ", "), "."));
    }
    return list;
}

}  // namespace

Section current_bottleneck(const CaseStudyFindings& findings) {
    Table table{{"Server", "Operation", "As described, allocations/s", "Ideal, allocations/s", "Less, allocations/s"}, {}};
    for (const Ideal& ideal : ideals()) {
        for (const char* const op : {"get_hit", "get_miss", "set", "set_noreply"}) {
            const PerRequest described = count_of(findings.measured, ideal.described, op, "allocations").total;
            const PerRequest best = count_of(findings.measured, ideal.ideal, op, "allocations").total;
            table.rows.push_back({ideal.name, code(op), document::cell(per_second(described)), document::cell(per_second(best)),
                                  document::cell(per_second(described - best))});
        }
    }
    return {"current-bottleneck",
            "Current Bottleneck",
            {Paragraph{fmt::format(
                 "Allocations a second at the reference document's rate of {:.0f}K requests a second and core, from the "
                 "counted allocations per request. The document says 600K to 800K now, 0 to 200K in the ideal. This is "
                 "arithmetic on counts: no server was driven at that rate here.",
                 reference_document::requests_per_s / 1000)},
             table, Paragraph{"The document's numbers, held against counts per request:"},
             statements_of(findings, "Current Bottleneck"),
             Paragraph{"The document: \"The biggest gap is allocations per request.\" Gaps of calls, entries and copies have no "
                       "common measure but time; by the attribution of the CPU time under load:"},
             biggest_gap(findings)}};
}

}  // namespace tare::sections
