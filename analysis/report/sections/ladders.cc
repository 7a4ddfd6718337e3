// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "analysis/model/ladder_order.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr std::array<const char*, 6> counted_metrics{"syscalls", "sqes", "cqes", "allocations", "copies", "copied_bytes"};
constexpr std::array tellers{Source::prediction, Source::ledger, Source::bpf};

// One figure when all three say the same, else each with its name; who did not count is named absent.
Cell told(const Findings& findings, const CellKey& cell, const char* metric, bool& agreed) {
    std::optional<double> first;
    std::string each;
    bool same = true;
    bool missing = false;
    for (const Source teller : tellers) {
        const PerRequest figure = findings.measured.figure(cell, teller, {metric, ""});
        each += fmt::format("{}{} {}", each.empty() ? "" : ", ", name_of(teller),
                            figure.present() ? count_text(figure.value()) : "absent");
        if (!figure.present()) {
            missing = true;
            continue;
        }
        same = same && first.value_or(figure.value()) == figure.value();
        first = figure.value();
    }
    agreed = agreed && same;
    if (!first) return {document::CellType::absent, each};
    Cell told(document::CellType::count, each);
    if (!same) return told;
    told.value = *first;
    told.content = missing ? fmt::format("{} ({})", count_text(*first), each) : count_text(*first);
    return told;
}

}  // namespace

Section ladders(const Findings& findings) {
    const std::vector<Text> header{"Variant", "Operation", "Value bytes", "Pipeline", "Syscalls",
                                   "SQEs",    "CQEs",      "Allocations", "Copies",   "Copied bytes"};
    Table all{header, {}}, differing{header, {}};
    std::vector<CellKey> cells = findings.measured.cells();
    std::stable_sort(cells.begin(), cells.end(),
                     [](const CellKey& left, const CellKey& right) { return stands_before(left.variant, right.variant); });
    for (const CellKey& cell : cells) {
        if (cell.build != Build::counted || cell.mode != Mode::lockstep) continue;
        Row row{code(to_string(cell.variant)), code(cell.op), document::count(cell.value_bytes), document::count(cell.pipeline)};
        bool agreed = true;
        for (const char* const metric : counted_metrics) row.push_back(told(findings, cell, metric, agreed));
        if (!agreed) differing.rows.push_back(row);
        all.rows.push_back(std::move(row));
    }
    Section section{"both-ladders", "Both Ladders"};
    if (all.rows.empty()) return section;
    section.summary = {
        Paragraph{fmt::format("Every cell of the counted build, per request, by prediction, ledger and BPF. Of {} cells, they "
                              "differ in {}.",
                              all.rows.size(), differing.rows.size())}};
    const chart::Chart chart = figures::ladder_counts(findings);
    if (!chart.panels.empty()) section.summary.emplace_back(document::Figure{chart});
    section.details = {Paragraph{
        "One number where prediction, ledger and BPF say the same, else each. Where a prediction is absent, the value "
        "crosses the socket in pieces; calls that only BPF sees are the allocator's own (brk, mmap, munmap, madvise)."}};
    if (!differing.rows.empty())
        section.details.insert(section.details.end(), {Heading{3, "Where they differ"}, differing, Heading{3, "All of them"}});
    section.details.emplace_back(all);
    return section;
}

}  // namespace tare::sections
