// SPDX-License-Identifier: Apache-2.0
// The ratios of all contrasts with their intervals, one line each.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/cells.h"
#include "analysis/report/figures/figures.h"

namespace tare::figures {
namespace {

// The widest sure difference, in words; empty when none is sure.
std::string finding_of(const std::vector<ContrastFinding>& contrasts) {
    const ContrastFinding* widest = nullptr;
    ContrastSubject named;
    ContrastRatio least;
    std::size_t sure = 0, all = 0;
    for (const ContrastFinding& finding : contrasts) {
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, ContrastMetric::server_cpu);
            if (subject.role != ContrastRole::other || !ratio.present()) continue;
            ++all;
            if (ratio.value().interval.contains(1)) continue;
            ++sure;
            if (widest != nullptr && ratio.value().value >= least.value) continue;
            widest = &finding;
            named = subject;
            least = ratio.value();
        }
    }
    if (widest == nullptr) return "";
    return fmt::format("Of {}, {} leave out 1; the lowest is {}, of {} against {} ({}).",
                       document::counted(all, "ratio", "ratios"), sure, ratio_text(least), named.name, widest->first().name,
                       widest->name);
}

}  // namespace

chart::Chart contrasts(const Findings& findings) {
    chart::Chart chart{
        "contrasts", "Servers in turn",        "Server CPU a request, as a multiple of another server's, with 95 % intervals.",
        "ratios",    {"contrast", "category"}, {"times the CPU of a request", "log"}};
    chart::Panel panel{""};
    chart::Series series{"", {}};
    for (const ContrastFinding& finding : findings.contrasts) {
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            if (subject.role != ContrastRole::other) continue;
            const std::string place = fmt::format("{}: {}", finding.name, subject.name);
            const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, ContrastMetric::server_cpu);
            chart::Point point{place, {}, {}, {}, {}, {}};
            if (ratio.present()) {
                point.y = ratio.value().value;
                point.low = ratio.value().interval.low;
                point.high = ratio.value().interval.high;
            } else {
                chart.notes.push_back(fmt::format("{} is absent: {}", place, ratio.reason()));
            }
            series.points.push_back(std::move(point));
        }
    }
    if (findings.contrasts.empty()) chart.notes.emplace_back("this run holds no contrast");
    if (std::none_of(series.points.begin(), series.points.end(), [](const chart::Point& point) { return point.y.has_value(); }))
        return chart;
    panel.series.push_back(std::move(series));
    chart.panels.push_back(std::move(panel));
    chart.finding = finding_of(findings.contrasts);
    return chart;
}

}  // namespace tare::figures
