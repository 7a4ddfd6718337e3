// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <set>

#include "analysis/model/statistics.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

struct Series {
    Points user;
    Points kernel;
    std::set<std::string> absent;
};

void add(Points& points, const Figure& figure, double value_bytes, std::set<std::string>& absent) {
    if (figure.present())
        points.emplace_back(value_bytes, figure.value());
    else
        absent.insert(figure.reason());
}

std::string slope_of(const std::optional<Line>& line) { return line ? fmt::format("{:.3f}", line->slope) : "absent"; }
std::string rest_of(const std::optional<Line>& line) {
    return line ? fmt::format("{:.0f} ± {:.0f}", line->intercept, line->largest_residual) : "absent";
}

}  // namespace

// Swept over three sizes at least: two points are a line whatever they are.
std::string copy_slopes(const Findings& findings) {
    std::map<std::pair<std::string, std::string>, Series> swept;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.build != "counted" || cell.pipeline != 1 || (cell.op != "get_hit" && cell.op != "set")) continue;
        Series& series = swept[{to_string(cell.variant), cell.op}];
        const auto value_bytes = static_cast<double>(cell.value_bytes);
        add(series.user, findings.measured.figure(cell, "ledger", {"copied_bytes", ""}), value_bytes, series.absent);
        add(series.kernel, findings.measured.figure(cell, "bpf", {"kernel_copied_bytes", ""}), value_bytes, series.absent);
    }
    std::vector<std::vector<std::string>> lines;
    for (const auto& [key, series] : swept) {
        if (series.user.size() < 3 && series.kernel.size() < 3) continue;
        const std::optional<Line> user = fit_line(series.user);
        const std::optional<Line> kernel = fit_line(series.kernel);
        lines.push_back({markdown::code(key.first), markdown::code(key.second),
                         std::to_string(std::max(series.user.size(), series.kernel.size())), slope_of(user), rest_of(user),
                         slope_of(kernel), rest_of(kernel)});
    }
    if (lines.empty()) return "";
    return "## Copy Slope\n\nBytes copied per request over bytes of the value, fitted by least squares. The slope is how "
           "often the value is copied, the intercept (with the largest distance of a point from the line) what is copied "
           "beside it, in bytes. User space by the ledger; the kernel's copies are the bytes that crossed the socket, by "
           "BPF. A large SET is cut by the socket, and what was cut is looked at again: its slope is no whole number.\n\n" +
           markdown::table({"Variant", "Operation", "Sizes", "User slope", "User intercept", "Kernel slope", "Kernel intercept"},
                           lines);
}

}  // namespace tare::sections
