// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/waterfall.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/case_study/figures/figures.h"
#include "analysis/model/sweep.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::figures {
namespace {

constexpr std::array<const char*, 3> kinds{"total", "change", "residual"};

chart::Step step_of(const Waterfall::Step& step) {
    const char* const kind = kinds[static_cast<std::size_t>(step.kind)];
    if (!step.ns.present()) return {step.label, {}, {}, {}, kind};
    const chart::Point bounds = chart::point("", step.ns.ns());
    return {step.label, bounds.y, bounds.low, bounds.high, kind};
}

}  // namespace

// Steps that do not add up for want of one of them are no waterfall: all are there, or none is drawn.
chart::Chart waterfall(const CaseStudyFindings& findings) {
    chart::Chart chart{
        "waterfall",
        "From as described to ideal",
        std::string("Server CPU per request by attribution; a change below 0 saves. ") + std::string(sections::loopback_caveat),
        "waterfall",
        {"step", "category"},
        {"CPU per request, ns", "linear"}};
    for (const Waterfall& each : waterfalls(findings.load, findings.prices)) {
        const auto missing =
            std::find_if(each.steps.begin(), each.steps.end(), [](const auto& step) { return !step.ns.present(); });
        if (!each.reason.empty() || missing != each.steps.end()) {
            const std::string why = each.reason.empty() ? missing->label + " is absent: " + missing->ns.reason() : each.reason;
            chart.notes.push_back(fmt::format("{}: {}", each.ideal.name, why));
            continue;
        }
        chart::Panel panel{fmt::format("{}, {}", each.ideal.name, workload_text(each.described))};
        for (const Waterfall::Step& step : each.steps) panel.steps.push_back(step_of(step));
        for (const CellKey& cell : {each.described, each.improved}) {
            const std::string marks = findings.load.marks_text(cell);
            if (!marks.empty()) chart.notes.push_back(fmt::format("{}: {}", to_string(cell.variant), marks));
        }
        chart.panels.push_back(panel);
    }
    return chart;
}

}  // namespace tare::figures
