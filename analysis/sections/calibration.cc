// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "analysis/markdown.h"
#include "analysis/sections/sections.h"

namespace tare::sections {
namespace {

std::string bounded(double value, const std::optional<double>& half_width) {
    const std::string number = markdown::number(value);
    return half_width ? fmt::format("{} ± {}", number, markdown::number(*half_width)) : number + " (two points, no interval)";
}

std::string fit_text(const Prices& prices, const std::string& subject, const char* fixed, const char* each) {
    const std::optional<Line> line = prices.line(subject);
    if (!line) return fmt::format("- {}: absent, fewer than two arguments were calibrated\n", markdown::code(subject));
    return fmt::format("- {}: {} {} ns, {} {} ns; largest residual {} ns over {} arguments\n", markdown::code(subject), fixed,
                       bounded(line->intercept, line->intercept_half_width), each, bounded(line->slope, line->slope_half_width),
                       markdown::number(line->largest_residual), line->count);
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
        if (row.ns.empty()) {
            line.insert(line.end(), {"absent: " + markdown::escaped(row.reason), "-", "0"});
        } else {
            const auto [low, high] = std::minmax_element(row.ns.begin(), row.ns.end());
            line.insert(line.end(), {markdown::number(median(row.ns)),
                                     fmt::format("{} to {}", markdown::number(*low), markdown::number(*high)),
                                     std::to_string(row.ns.size())});
        }
        lines.push_back(line);
    }
    return "## Calibration\n\nCPU time of one event on the server's core, measured by this run: the prices of the attribution. "
           "By "
           "least squares over the arguments, with 95 % intervals:\n\n" +
           fit_text(prices, "uring_enter_nops", "an enter", "an SQE with its CQE") +
           fit_text(prices, "epoll_wait", "a wait", "an event") + "\n" +
           markdown::table({"Event", "Argument", "Median ns", "Range", "Repetitions"}, lines);
}

}  // namespace tare::sections
