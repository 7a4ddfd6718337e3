// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/attribution.h"

#include <fmt/format.h>

#include "analysis/model/sweep.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::sections {
namespace {

std::string share(const Attribution& each, markdown::Notes& notes) {
    if (!each.explained.present()) return notes.shown(each.explained);
    const Estimate& share = each.explained.ns();
    return fmt::format("{:.1f} % ({:.1f} to {:.1f})", share.value * 100, share.low * 100, share.high * 100);
}

std::string residual_share(const Attribution& each, markdown::Notes& notes) {
    if (!each.residual.present()) return notes.shown(each.residual);
    return fmt::format("{:.1f} %", each.residual.ns().value / each.measured.estimate().value * 100);
}

std::vector<std::string> line_of(const Attribution& each, markdown::Notes& notes) {
    std::vector<std::string> line{markdown::code(to_string(each.timed.variant)), workload_text(each.timed)};
    for (std::size_t expense = 0; expense < expense_count; ++expense)
        line.push_back(notes.shown(each.of(static_cast<Expense>(expense))));
    line.insert(line.end(), {notes.shown(each.sum), notes.shown(each.measured), notes.shown(each.residual),
                             residual_share(each, notes), share(each, notes)});
    return line;
}

void add_terms(std::vector<std::vector<std::string>>& lines, const Attribution& each, markdown::Notes& notes) {
    for (const Term& term : each.terms) {
        const bool none = term.count.present() && term.count.estimate().value == 0;
        lines.push_back({markdown::code(to_string(each.timed.variant)), workload_text(each.timed), markdown::escaped(term.name),
                         std::string(name_of(term.expense)), notes.shown(term.count), none ? "-" : notes.shown(term.unit),
                         term.size.empty() ? "-" : term.size, notes.shown(term.cost)});
    }
}

}  // namespace

std::string attribution(const Findings& findings) {
    const std::vector<CellKey> cells = attributable(findings.load);
    if (cells.empty()) {
        if (findings.load.cells().empty()) return "";
        return "## Attribution\n\nThis run holds no workload that was both timed and counted under load: nothing is "
               "attributed.\n\n";
    }
    markdown::Notes notes("attribution");
    std::vector<std::vector<std::string>> sums, terms;
    for (const CellKey& cell : cells) {
        const Attribution each = attribute(findings.load, findings.prices, cell);
        sums.push_back(line_of(each, notes));
        add_terms(terms, each, notes);
    }
    std::vector<std::string> header{"Variant", "Workload"};
    for (std::size_t expense = 0; expense < expense_count; ++expense) header.emplace_back(name_of(static_cast<Expense>(expense)));
    header.insert(header.end(), {"Sum", "Measured", "Residual", "Residual share", "Explained"});
    const std::string sleeping =
        findings.prices.holds("wake_up") ? "" : " Sleeping and waking has no price in this run and is in the residual.";
    const char* const prices_from =
        findings.prices.both_times()
            ? "a price lies within its calibrations before and after the passes, so that what the machine drifted is in it"
            : "the prices were calibrated once, so that what the machine drifted is not in it";
    return fmt::format(
               "## Attribution\n\nServer CPU per request in ns: each count of the counted build times what one costs by the "
               "calibration, against what the timed build took. Every call is charged the kernel crossing once, the rest of its "
               "price beside it. The residual is measured less sum, parsing and look-up among it; it is never cut off at 0, and "
               "below 0 the prices are too high for this server. In brackets what is left open by the prices, the counts and "
               "the measured time together: {}. The explained share is the sum over what was measured.{} {}\n\n",
               prices_from, sleeping, loopback_caveat) +
           markdown::table(header, sums) + "<details><summary>Every term</summary>\n\n" +
           markdown::table({"Variant", "Workload", "Term", "Part of", "Per request", "ns of one", "At", "ns per request"},
                           terms) +
           "</details>\n\n" + marked_cells(findings.load, {cells.begin(), cells.end()}) + notes.text();
}

}  // namespace tare::sections
