// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/report/markdown.h"

namespace tare::sections {
namespace {

std::string counted(const CaseStudyFindings& findings, const VariantName& variant, const char* metric, markdown::Notes& notes) {
    const Count count = count_of(findings.measured, variant, "get_hit", metric);
    const std::string text = notes.shown(count);
    std::string parts;
    for (const auto& [part, figure] : count.parts)
        parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", markdown::code(part), notes.shown(figure));
    return parts.empty() ? text : fmt::format("{} ({})", text, parts);
}

}  // namespace

std::string ideal_path(const CaseStudyFindings& findings) {
    markdown::Notes notes("ideal-path");
    std::string text =
        "### Ideal Path (GET, cache hit)\n\nThe reference document's four steps, as the ideal variants take them:\n\n";
    for (const Ideal& ideal : ideals()) {
        const auto line = [&](const char* metric) { return counted(findings, ideal.ideal, metric, notes); };
        text += fmt::format("{}, {}:\n\n", ideal.name, markdown::code(to_string(ideal.ideal)));
        text += fmt::format("1. Syscalls: {}\n2. Queue: {}\n3. Allocations: {}\n", line("syscalls"), line("queue_ops"),
                            line("allocations"));
        text += fmt::format("4. Memcpy: in user space {} of data and {} of text; bytes through the socket {}\n\n",
                            line("data_copies"), line("text_copies"), line("kernel_copied_bytes"));
    }
    return text + notes.text();
}

}  // namespace tare::sections
