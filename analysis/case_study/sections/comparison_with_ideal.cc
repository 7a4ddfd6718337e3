// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <set>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/report/markdown.h"

namespace tare::sections {
namespace {

constexpr const char* op = "get_hit";

struct Row {
    const char* category;
    const char* metric;
    const char* reference_ideal;
};

constexpr std::array<Row, 5> rows{{{"Syscalls", "syscalls", "1 amortized"},
                                   {"Queue Ops", "queue_ops", "2"},
                                   {"Allocations", "allocations", "0-1"},
                                   {"Memcpy of data", "data_copies", "-"},
                                   {"Memcpy of the value", "value_copies", "2 × value"}}};

// The least that any variant of this back end was counted to need, and which; the ideal where none needs less.
std::string best(const CaseStudyFindings& findings, const VariantName& ideal, const char* metric, markdown::Notes& notes) {
    std::set<VariantName> variants;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.variant.server == ideal.server) variants.insert(cell.variant);
    }
    std::optional<double> least;
    VariantName holder = ideal;
    const Figure at_ideal = count_of(findings.measured, ideal, op, metric).total;
    if (at_ideal.present()) least = at_ideal.value();
    for (const VariantName& variant : variants) {
        const Figure figure = count_of(findings.measured, variant, op, metric).total;
        if (!figure.present() || (least && *least <= figure.value())) continue;
        least = figure.value();
        holder = variant;
    }
    if (!least) return notes.shown(Figure(Absent{"no variant of " + ideal.server + " was counted"}));
    return fmt::format("{} ({}/{})", Figure(*least).text(), holder.wiring, holder.rung);
}

}  // namespace

std::string comparison_with_ideal(const CaseStudyFindings& findings) {
    markdown::Notes notes("ideal");
    std::string text =
        "## Comparison with Ideal\n\nGET hit, small value, lockstep. One basis for every column: calls entered; SQEs and CQEs "
        "both; calls of the malloc family; copies in user space. The gap is measured minus measured. The document's "
        "ideal counts SQEs alone where its current state counts both queues, and the kernel's copy of the request among its "
        "two copies. Its claims are judged on that basis under Claims checked, not on this one.\n\n";
    for (const auto& [name, described, ideal] : ideals()) {
        std::vector<std::vector<std::string>> lines;
        for (const Row& row : rows) {
            const Count now = count_of(findings.measured, described, op, row.metric);
            const Count then = count_of(findings.measured, ideal, op, row.metric);
            lines.push_back({row.category, notes.shown(now), best(findings, ideal, row.metric, notes), notes.shown(then),
                             notes.shown(now.total - then.total), row.reference_ideal});
        }
        text += fmt::format("#### {}: {} against {}\n\n", name, markdown::code(to_string(described)),
                            markdown::code(to_string(ideal)));
        text += markdown::table({"Category", "As described", "Best of any variant", "Ideal", "Gap", "Document's ideal"}, lines);
    }
    return text + notes.text();
}

}  // namespace tare::sections
