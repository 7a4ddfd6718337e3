// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/attribution.h"

#include <fmt/format.h>

#include "analysis/model/extremes.h"
#include "analysis/model/sweep.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::sections {
namespace {

Cell share(const Attribution& each) {
    if (!each.explained.present()) return document::absent(each.explained.reason());
    const Estimate& share = each.explained.value();
    Cell cell(document::CellType::ratio,
              fmt::format("{:.1f} % ({:.1f} to {:.1f})", share.value * 100, share.low * 100, share.high * 100));
    cell.value = share.value;
    cell.low = share.low;
    cell.high = share.high;
    return cell;
}

Cell residual_share(const Attribution& each) {
    if (!each.residual.present()) return document::absent(each.residual.reason());
    Cell cell(document::CellType::ratio, "");
    cell.value = each.residual.value().value / each.measured.estimate().value;
    cell.content = fmt::format("{:.1f} %", *cell.value * 100);
    return cell;
}

Row sum_row(const Attribution& each) {
    Row row{code(to_string(each.timed.variant)), workload_text(each.timed)};
    for (std::size_t expense = 0; expense < expense_count; ++expense)
        row.push_back(document::time(each.of(static_cast<Expense>(expense))));
    row.insert(row.end(), {document::time(each.sum), document::time(each.measured), document::time(each.residual),
                           residual_share(each), share(each)});
    return row;
}

void add_terms(Table& table, const Attribution& each) {
    for (const Term& term : each.terms) {
        const bool zero = term.count.present() && term.count.estimate().value == 0;
        table.rows.push_back({code(to_string(each.timed.variant)), workload_text(each.timed), term.name, name_of(term.expense),
                              document::count(term.count), zero ? none() : document::time(term.unit),
                              term.size.empty() ? none() : Cell(term.size), document::time(term.cost)});
    }
}

Text summary(const std::vector<Attribution>& all) {
    Extremes explained;
    for (const Attribution& each : all) {
        if (each.explained.present()) explained.include(each.explained.value().value * 100);
    }
    const std::string found = explained.any() ? fmt::format("The counts times the prices explain {:.0f} % to {:.0f} % of it.",
                                                            *explained.least, *explained.most)
                                              : "The counts times the prices explain none of it: a price or a count is absent.";
    return fmt::format(
        "Server CPU per request in ns of {}: each count of the counted build times what one costs by the "
        "calibration, against what the timed build took. {}",
        document::counted(all.size(), "workload", "workloads"), found);
}

}  // namespace

Section attribution(const Findings& findings) {
    Section section{"attribution", "Attribution"};
    const std::vector<CellKey> cells = attributable(findings.load);
    if (cells.empty()) {
        if (!findings.load.cells().empty() && !findings.prices.rows().empty())
            section.summary = {
                Paragraph{"This run holds no workload that was both timed and counted under load: nothing is attributed."}};
        return section;
    }
    Table sums{{"Variant", "Workload"}, {}};
    for (std::size_t expense = 0; expense < expense_count; ++expense)
        sums.header.emplace_back(name_of(static_cast<Expense>(expense)));
    sums.header.insert(sums.header.end(), {"Sum", "Measured", "Residual", "Residual share", "Explained"});
    Table terms{{"Variant", "Workload", "Term", "Part of", "Per request", "ns of one", "At", "ns per request"}, {}};
    std::vector<Attribution> all;
    for (const CellKey& cell : cells) {
        all.push_back(attribute(findings.load, findings.prices, cell));
        sums.rows.push_back(sum_row(all.back()));
        add_terms(terms, all.back());
    }
    const std::string sleeping =
        findings.prices.holds("wake_up") ? "" : " Sleeping and waking has no price in this run and is in the residual.";
    const char* const prices_from =
        findings.prices.both_times()
            ? "a price lies within its calibrations before and after the passes, so that what the machine drifted is in it"
            : "the prices were calibrated once, so that what the machine drifted is not in it";
    section.summary = {Paragraph{summary(all)}};
    section.details = {
        Paragraph{fmt::format(
            "Every call is charged the kernel crossing once, the rest of its price beside it. The residual is measured less sum, "
            "parsing and look-up among it; it is never cut off at 0, and below 0 the prices are too high for this server. In "
            "brackets "
            "what is left open by the prices, the counts and the measured time together: {}. The explained share is the sum over "
            "what "
            "was measured.{} {}",
            prices_from, sleeping, loopback_caveat)},
        sums, Heading{3, "Every term"}, terms};
    add_marked_cells(section, findings.load, {cells.begin(), cells.end()});
    return section;
}

}  // namespace tare::sections
