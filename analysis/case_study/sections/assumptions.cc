// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/sections/sections.h"

namespace tare::sections {

Section case_study_assumptions(const CaseStudyFindings& findings) {
    Section section = assumptions(findings);
    if (section.summary.empty()) section.summary.emplace_back(List{});
    List& list = std::get<List>(section.summary.front().content);
    for (const auto& [name, variant] : findings.reference.servers)
        list.items.push_back(text_of("The reference document's ", name, " is measured as ", code(to_string(variant))));
    return section;
}

}  // namespace tare::sections
