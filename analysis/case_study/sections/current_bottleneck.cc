// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/case_study/document.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/report/markdown.h"

namespace tare::sections {
namespace {

Figure per_second(const Figure& per_request) {
    return per_request.present() ? Figure(per_request.value() * document::requests_per_s) : per_request;
}

}  // namespace

std::string current_bottleneck(const CaseStudyFindings& findings) {
    markdown::Notes notes("bottleneck");
    std::vector<std::vector<std::string>> lines;
    for (const Ideal& ideal : ideals()) {
        for (const char* const op : {"get_hit", "get_miss", "set", "set_noreply"}) {
            const Figure described = count_of(findings.measured, ideal.described, op, "allocations").total;
            const Figure best = count_of(findings.measured, ideal.ideal, op, "allocations").total;
            lines.push_back({ideal.name, markdown::code(op), notes.shown(per_second(described)), notes.shown(per_second(best)),
                             notes.shown(per_second(described - best))});
        }
    }
    return fmt::format(
               "### Current Bottleneck\n\nAllocations a second at the reference document's rate of {:.0f}K requests a second and "
               "core, from the counted allocations per request. The document says 600K to 800K now, 0 to 200K in the ideal. This "
               "is arithmetic on counts: no server was driven at that rate here.\n\n",
               document::requests_per_s / 1000) +
           markdown::table({"Server", "Operation", "As described", "Ideal", "Less"}, lines) + notes.text();
}

}  // namespace tare::sections
