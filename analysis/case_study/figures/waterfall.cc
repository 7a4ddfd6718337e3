// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/waterfall.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/case_study/figures/figures.h"
#include "analysis/model/sweep.h"
#include "analysis/report/cells.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::figures {
namespace {

constexpr std::array<const char*, 3> kinds{"total", "change", "residual"};

chart::Step step_of(const Waterfall::Step& step) {
    const char* const kind = kinds[static_cast<std::size_t>(step.kind)];
    if (!step.ns.present()) return {step.label, {}, {}, {}, kind};
    const chart::Point bounds = chart::point("", step.ns.value());
    return {step.label, bounds.y, bounds.low, bounds.high, kind};
}

// Steps that do not add up for want of one of them are no waterfall: all are there, or none is drawn.
Measured<Waterfall::Descent> whole(const Waterfall::Descent& descent) {
    for (const Waterfall::Step& step : descent.steps) {
        if (!step.ns.present()) return Absent{step.label + " is absent: " + step.ns.reason()};
    }
    return descent;
}

}  // namespace

chart::Chart waterfall(const CaseStudyFindings& findings) {
    chart::Chart chart{
        "waterfall",
        "From as described to ideal",
        std::string("Server CPU per request by attribution; a change below 0 saves. ") + std::string(sections::loopback_caveat),
        "waterfall",
        {"step", "category"},
        {"CPU per request, ns", "linear"}};
    for (const Waterfall& each : waterfalls(findings.load, findings.prices, findings.contrasts)) {
        const Measured<Waterfall::Descent> descent = each.descent.transform(whole);
        if (!descent.present()) {
            chart.notes.push_back(fmt::format("{}: {}", each.ideal.name, descent.reason()));
            continue;
        }
        const auto& [described, improved, steps, difference, explained, contrast] = descent.value();
        chart::Panel panel{fmt::format("{}, {}", each.ideal.name, workload_text(described))};
        for (const Waterfall::Step& step : steps) panel.steps.push_back(step_of(step));
        for (const CellKey& cell : {described, improved}) {
            const std::string marks = findings.load.marks_text(cell);
            if (!marks.empty()) chart.notes.push_back(fmt::format("{}: {}", to_string(cell.variant), marks));
        }
        chart.finding +=
            fmt::format("{}{} goes from {} to {} ns", chart.finding.empty() ? "" : ", ", each.ideal.name,
                        document::number(steps.front().ns.value().value), document::number(steps.back().ns.value().value));
        chart.panels.push_back(panel);
    }
    if (!chart.finding.empty()) chart.finding += ".";
    return chart;
}

}  // namespace tare::figures
