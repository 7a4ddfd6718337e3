// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/model/extremes.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

std::string bounded(double value, const std::optional<double>& half_width) {
    const std::string number = markdown::number(value);
    return half_width ? fmt::format("{} ± {}", number, markdown::number(*half_width)) : number + " (two points, no interval)";
}

// Each time's line; between them lies what the machine drifted.
std::string fit_text(const Prices& prices, const std::string& subject, const char* fixed, const char* each) {
    const std::vector<Line> lines = prices.lines(subject);
    if (lines.empty()) return fmt::format("- {}: absent, fewer than two arguments were calibrated\n", markdown::code(subject));
    std::string text;
    for (const Line& line : lines)
        text += fmt::format("{} {} {} ns, {} {} ns, largest residual {} ns over {} arguments",
                            text.empty() ? ":" : "; after:", fixed, bounded(line.intercept, line.intercept_half_width), each,
                            bounded(line.slope, line.slope_half_width), markdown::number(line.largest_residual), line.count);
    return fmt::format("- {}{}\n", markdown::code(subject), text);
}

std::string median_text(const std::vector<double>& ns) { return ns.empty() ? "-" : markdown::number(median(ns)); }

std::string drift_text(const PriceRow& row) {
    return row.after.empty() ? "not known" : fmt::format("{:+.1f} %", 100 * (median(row.after) / median(row.before) - 1));
}

std::string range_text(const PriceRow& row) {
    Extremes seen;
    for (const double ns : row.before) seen.include(ns);
    for (const double ns : row.after) seen.include(ns);
    return fmt::format("{} to {}", markdown::number(*seen.least), markdown::number(*seen.most));
}

}  // namespace

std::string calibration(const Findings& findings) {
    const Prices& prices = findings.prices;
    if (prices.rows().empty()) {
        const bool wanted = !findings.load.cells().empty();
        return wanted ? "## Calibration\n\nThis run holds no calibration: what an event costs on its machine is not known.\n\n"
                      : "";
    }
    std::vector<std::vector<std::string>> lines;
    for (const PriceRow& row : prices.rows()) {
        std::vector<std::string> line{markdown::code(row.name), std::to_string(row.argument)};
        if (row.before.empty())
            line.insert(line.end(), {"absent: " + markdown::escaped(row.reason), "-", "-", "-", "0"});
        else
            line.insert(line.end(), {median_text(row.before), median_text(row.after), drift_text(row), range_text(row),
                                     std::to_string(row.before.size() + row.after.size())});
        lines.push_back(line);
    }
    const char* const when =
        prices.both_times()
            ? "before its passes over the load cells and after them. A price is midway between the two medians, and "
              "its bracket holds the repetitions of both: how far the machine drifted meanwhile is in it"
            : "once, so that nothing tells how far the machine drifted since";
    return fmt::format(
               "## Calibration\n\nCPU time of one event on the server's core, measured by this run {}. They are the prices "
               "of the attribution. By least squares over the arguments, with 95 % intervals:\n\n",
               when) +
           fit_text(prices, "uring_enter_nops", "an enter", "an SQE with its CQE") +
           fit_text(prices, "epoll_wait", "a wait", "an event") + "\n" +
           markdown::table({"Event", "Argument", "Median ns before", "Median ns after", "Drift", "Range", "Repetitions"}, lines);
}

}  // namespace tare::sections
