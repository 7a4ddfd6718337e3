// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <set>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"

namespace tare::sections {
namespace {

constexpr const char* op = "get_hit";

struct Category {
    const char* name;
    const char* metric;
    const char* reference_ideal;
};

constexpr std::array<Category, 5> categories{{{"Syscalls", "syscalls", "1 amortized"},
                                              {"Queue Ops", "queue_ops", "2"},
                                              {"Allocations", "allocations", "0-1"},
                                              {"Memcpy of data", "data_copies", "-"},
                                              {"Memcpy of the value", "value_copies", "2 × value"}}};

// The least that any variant of this back end was counted to need, and which; the ideal where none needs less.
Cell best(const CaseStudyFindings& findings, const VariantName& ideal, const char* metric) {
    std::set<VariantName> variants;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.variant.server == ideal.server) variants.insert(cell.variant);
    }
    std::optional<double> least;
    VariantName holder = ideal;
    const PerRequest at_ideal = count_of(findings.measured, ideal, op, metric).total;
    if (at_ideal.present()) least = at_ideal.value();
    for (const VariantName& variant : variants) {
        const PerRequest figure = count_of(findings.measured, variant, op, metric).total;
        if (!figure.present() || (least && *least <= figure.value())) continue;
        least = figure.value();
        holder = variant;
    }
    if (!least) return document::absent("no variant of " + ideal.server + " was counted");
    return fmt::format("{} ({}/{})", count_text(*least), holder.wiring, holder.rung);
}

}  // namespace

Section comparison_with_ideal(const CaseStudyFindings& findings) {
    Section section{"comparison-with-ideal", "Comparison with Ideal"};
    section.summary = {Paragraph{
        "GET hit, small value, lockstep. One basis for every column: calls entered; SQEs and CQEs both; calls of the "
        "malloc family; copies in user space. The gap is measured minus measured. The document's ideal counts SQEs alone "
        "where its current state counts both queues, and the kernel's copy of the request among its two copies. Its "
        "statements are judged on that basis in the last table, not on this one."}};
    for (const auto& [name, described, ideal] : ideals()) {
        Table table{{"Category", "As described", "Best of any variant", "Ideal", "Gap", "Document's ideal"}, {}};
        for (const Category& category : categories) {
            const Count now = count_of(findings.measured, described, op, category.metric);
            const Count then = count_of(findings.measured, ideal, op, category.metric);
            table.rows.push_back({category.name, document::cell(now), best(findings, ideal, category.metric),
                                  document::cell(then), document::cell(now.total - then.total), category.reference_ideal});
        }
        section.summary.insert(
            section.summary.end(),
            {Heading{4, text_of(name, ": ", code(to_string(described)), " against ", code(to_string(ideal)))}, table});
    }
    section.summary.insert(section.summary.end(), {Heading{4, "The document's statements, each on its own basis"},
                                                   statements_of(findings, "Comparison with Ideal")});
    return section;
}

}  // namespace tare::sections
