// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/control.h"

#include <fmt/format.h>

#include "analysis/compare/decide.h"
#include "analysis/compare/judge_exact.h"
#include "analysis/compare/wording.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

constexpr std::size_t told_max = 3;

bool moved(const Judged& row) {
    return row.verdict == Verdict::better || row.verdict == Verdict::worse || row.verdict == Verdict::changed;
}

}  // namespace

Control control_of(const std::string& run, std::vector<Row> base_and_control, const Gate& gate) {
    Comparison against_itself;
    decide(against_itself, std::move(base_and_control), gate);
    Control found;
    found.run = run;
    for (const ComparedRow& row : against_itself.rows) {
        if (row.exact) {
            if (!moved(row) && row.verdict != Verdict::not_worse && row.verdict != Verdict::unresolved) continue;
            found.unlike.emplace(RowKey(row.row.cell, row.row.source, row.row.quantity),
                                 extremes_of(row.row.head, row.row.quantity.metric));
            if (row.outcome != Outcome::not_gated) ++found.gated_unlike_count;
            continue;
        }
        if (row.outcome == Outcome::not_gated) continue;
        ++(row.interval ? found.times : found.unjudged_times);
        if (moved(row))
            found.alarms.push_back(
                fmt::format("{} of {} {}", quantity_text(row.row.quantity), name_of(row.row.cell), change_text(row)));
    }
    return found;
}

void doubt(Judged& judged, const Control& control) {
    if (judged.exact) {
        const auto unlike = control.unlike.find({judged.row.cell, judged.row.source, judged.row.quantity});
        if (unlike != control.unlike.end() && judged.difference) judge_exact(judged, unlike->second);
    } else if (judged.interval && !control.alarms.empty()) {
        judged.verdict = Verdict::unresolved;
        judged.reason = "the control alarmed: the base differs from itself in " + control.alarms.front();
        judged.minimum_detectable.reset();
        judged.increase.reset();
    }
}

std::string control_text(const Control& control) {
    std::string text = "control (the base against itself): ";
    if (control.times + control.unjudged_times == 0)
        text += "counts only";
    else if (control.alarms.empty())
        text += fmt::format("no alarm in {}", counted(control.times, "quantity under load", "quantities under load"));
    else
        text += fmt::format("ALARM in {} of {}, so the times of this job are unresolved:", control.alarms.size(),
                            counted(control.times, "quantity under load", "quantities under load"));
    for (std::size_t index = 0; index < std::min(told_max, control.alarms.size()); ++index)
        text += fmt::format("{} {}", index == 0 ? "" : ";", plain(control.alarms[index]));
    if (control.unjudged_times > 0) text += fmt::format("; {} could not be judged", control.unjudged_times);
    if (control.gated_unlike_count > 0)
        text += fmt::format("; {} not the same twice", counted(control.gated_unlike_count, "gated count", "gated counts"));
    return text;
}

}  // namespace tare::compare
