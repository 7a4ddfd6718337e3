// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/case_study/sections/sections.h"
#include "analysis/report/markdown.h"

namespace tare::sections {

std::string case_study_assumptions(const CaseStudyFindings& findings) {
    std::string text = assumption_lines(findings);
    for (const auto& [name, variant] : findings.reference.servers)
        text += fmt::format("- The reference document's {} is measured as {}\n", name, markdown::code(to_string(variant)));
    return text + "\n";
}

}  // namespace tare::sections
