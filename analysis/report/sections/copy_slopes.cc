// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/model/extremes.h"
#include "analysis/model/statistics.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

struct Series {
    Points user;
    Points kernel;
    std::set<std::string> absent;
};

void add(Points& points, const PerRequest& figure, double value_bytes, std::set<std::string>& absent) {
    if (figure.present())
        points.emplace_back(value_bytes, figure.value());
    else
        absent.insert(figure.reason());
}

Cell no_line(const std::set<std::string>& reasons) {
    return document::absent(reasons.empty() ? "fewer than two sizes were counted" : *reasons.begin());
}

Cell slope_of(const std::optional<Line>& line, const std::set<std::string>& reasons) {
    if (!line) return no_line(reasons);
    Cell cell(document::CellType::ratio, fmt::format("{:.3f}", line->slope));
    cell.value = line->slope;
    return cell;
}

Cell rest_of(const std::optional<Line>& line, const std::set<std::string>& reasons) {
    if (!line) return no_line(reasons);
    Cell cell(document::CellType::count, fmt::format("{:.0f} ± {:.0f}", line->intercept, line->largest_residual));
    cell.value = line->intercept;
    return cell;
}

}  // namespace

// Swept over three sizes at least: two points are a line whatever they are.
Section copy_slopes(const Findings& findings) {
    std::map<std::pair<std::string, std::string>, Series> swept;
    for (const CellKey& cell : findings.measured.cells()) {
        const bool external = cell.build == Build::external;
        const bool is_swept = external || (cell.build == Build::counted && (cell.op == "get_hit" || cell.op == "set"));
        if (!is_swept || cell.pipeline != 1) continue;
        Series& series = swept[{to_string(cell.variant), cell.op}];
        const auto value_bytes = static_cast<double>(cell.value_bytes);
        add(series.user, findings.measured.figure(cell, external ? Source::bpf : Source::ledger, {"copied_bytes", ""}),
            value_bytes, series.absent);
        add(series.kernel, findings.measured.figure(cell, Source::bpf, {"kernel_copied_bytes", ""}), value_bytes, series.absent);
    }
    Table table{{"Variant", "Operation", "Sizes", "User slope", "User intercept", "Kernel slope", "Kernel intercept"}, {}};
    Extremes slopes;
    for (const auto& [key, series] : swept) {
        if (series.user.size() < 3 && series.kernel.size() < 3) continue;
        const std::optional<Line> user = fit_line(series.user);
        const std::optional<Line> kernel = fit_line(series.kernel);
        if (user) slopes.include(user->slope);
        table.rows.push_back({code(key.first), code(key.second),
                              document::count(std::max(series.user.size(), series.kernel.size())), slope_of(user, series.absent),
                              rest_of(user, series.absent), slope_of(kernel, series.absent), rest_of(kernel, series.absent)});
    }
    Section section{"copy-slope", "Copy Slope"};
    if (table.rows.empty()) return section;
    const std::string range = slopes.any() ? fmt::format(" Here a value is copied {} to {} times in user space.",
                                                         document::number(*slopes.least), document::number(*slopes.most))
                                           : "";
    section.summary = {Paragraph{
        "Bytes copied per request over bytes of the value, fitted by least squares: the slope is how often the value is copied." +
        range}};
    section.details = {
        Paragraph{
            "The intercept (with the largest distance of a point from the line) is what is copied beside the value, in bytes. "
            "User space by the ledger, of an external server by BPF; the kernel's copies are the bytes that crossed the socket, "
            "by BPF. A large SET is cut "
            "by the socket, and what was cut is looked at again: its slope is no whole number."},
        table};
    return section;
}

}  // namespace tare::sections
