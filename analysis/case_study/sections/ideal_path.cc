// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"

namespace tare::sections {
namespace {

Text counted(const CaseStudyFindings& findings, const VariantName& variant, const char* metric) {
    const Count count = count_of(findings.measured, variant, "get_hit", metric);
    std::vector<Text> parts;
    for (const auto& [part, figure] : count.parts) parts.push_back(text_of(code(part), " ", shown(figure)));
    return parts.empty() ? shown(count) : text_of(shown(count), " (", joined(parts, ", "), ")");
}

}  // namespace

Section ideal_path(const CaseStudyFindings& findings) {
    Section section{"ideal-path", "Ideal Path (GET, cache hit)"};
    section.summary = {Paragraph{"The reference document's four steps, as the ideal variants take them:"}};
    for (const Ideal& ideal : ideals()) {
        const auto of = [&](const char* metric) { return counted(findings, ideal.ideal, metric); };
        section.summary.insert(section.summary.end(),
                               {Paragraph{text_of(ideal.name, ", ", code(to_string(ideal.ideal)), ":")},
                                List{{text_of("Syscalls: ", of("syscalls")), text_of("Queue: ", of("queue_ops")),
                                      text_of("Allocations: ", of("allocations")),
                                      text_of("Memcpy: in user space ", of("data_copies"), " of data and ", of("text_copies"),
                                              " of text; bytes through the socket ", of("kernel_copied_bytes"))},
                                     true}});
    }
    section.summary.insert(section.summary.end(), {Paragraph{"The document's steps, each on its own basis:"},
                                                   statements_of(findings, "Ideal Path (GET, cache hit)")});
    return section;
}

}  // namespace tare::sections
