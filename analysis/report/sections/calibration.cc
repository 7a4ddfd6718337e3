// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/model/attribution.h"
#include "analysis/model/extremes.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

using document::number;

std::string bounded(double value, const std::optional<double>& half_width) {
    return half_width ? fmt::format("{} ± {}", number(value), number(*half_width)) : number(value) + " (two points, no interval)";
}

// Each time's line; between them lies what the machine drifted.
Text fit_text(const Prices& prices, const std::string& subject, const char* fixed, const char* each) {
    const std::vector<Line> lines = prices.lines(subject);
    if (lines.empty()) return text_of(code(subject), ": absent, fewer than two arguments were calibrated");
    std::string fits;
    for (const Line& line : lines)
        fits += fmt::format("{} {} {} ns, {} {} ns, largest residual {} ns over {} arguments",
                            fits.empty() ? ":" : "; after:", fixed, bounded(line.intercept, line.intercept_half_width), each,
                            bounded(line.slope, line.slope_half_width), number(line.largest_residual), line.count);
    return text_of(code(subject), fits);
}

Cell median_cell(const std::vector<double>& ns) {
    if (ns.empty()) return none();
    Cell cell(document::CellType::time, number(median(ns)));
    cell.value = median(ns);
    return cell;
}

Cell drift(const PriceTimes& times) {
    if (times.after.empty()) return document::absent("the run was calibrated once");
    const double share = median(times.after) / median(times.before) - 1;
    Cell cell(document::CellType::ratio, fmt::format("{:+.1f} %", 100 * share));
    cell.value = share;
    return cell;
}

std::string range_text(const PriceTimes& times) {
    Extremes seen;
    for (const double ns : times.before) seen.include(ns);
    for (const double ns : times.after) seen.include(ns);
    return fmt::format("{} to {}", number(*seen.least), number(*seen.most));
}

}  // namespace

Section calibration(const Findings& findings) {
    const Prices& prices = findings.prices;
    Section section{"calibration", "Calibration"};
    if (prices.rows().empty()) {
        if (!attributable(findings.load).empty())
            section.summary = {Paragraph{"This run holds no calibration: what an event costs on its machine is not known."}};
        return section;
    }
    Table table{{"Event", "Argument", "Median ns before", "Median ns after", "Drift", "Range", "Repetitions"}, {}};
    for (const PriceRow& row : prices.rows()) {
        Row cells{code(row.name), document::count(row.argument)};
        if (row.times.present()) {
            const PriceTimes& times = row.times.value();
            cells.insert(cells.end(), {median_cell(times.before), median_cell(times.after), drift(times), range_text(times),
                                       document::count(times.before.size() + times.after.size())});
        } else {
            cells.insert(cells.end(),
                         {document::absent(row.times.reason()), none(), none(), none(), document::count(std::uint64_t{0})});
        }
        table.rows.push_back(std::move(cells));
    }
    const char* const when =
        prices.both_times()
            ? "before its passes over the load cells and after them. A price is midway between the two medians, and "
              "its bracket holds the repetitions of both: how far the machine drifted meanwhile is in it"
            : "once, so that nothing tells how far the machine drifted since";
    section.summary = {
        Paragraph{fmt::format("CPU time of one event on the server's core, measured by this run {}. They are the prices of the "
                              "attribution. By least squares over the arguments, with 95 % intervals:",
                              when)},
        List{{fit_text(prices, "uring_enter_nops", "an enter", "an SQE with its CQE"),
              fit_text(prices, "epoll_wait", "a wait", "an event")}}};
    section.details = {table};
    return section;
}

}  // namespace tare::sections
