// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/control.h"

#include <fmt/format.h>

#include "analysis/compare/decide.h"
#include "analysis/compare/plain_text.h"
#include "analysis/compare/wording.h"

namespace tare::compare {
namespace {

constexpr std::size_t told_max = 3;

bool moved(const Judged& row) {
    return row.verdict == Verdict::better || row.verdict == Verdict::worse || row.verdict == Verdict::changed;
}

}  // namespace

Control control_of(const Run& base, const Run& control, const Gate& gate) {
    Comparison against_itself;
    decide(against_itself, pair_rows(base, control), gate);
    Control found;
    found.run = control.id;
    for (const ComparedRow& row : against_itself.rows) {
        if (row.exact) {
            if (!moved(row)) continue;
            found.unlike.emplace(row.row.cell, row.row.source, row.row.quantity);
            if (row.outcome != Outcome::not_gated) ++found.gated_unlike_count;
            continue;
        }
        if (row.outcome == Outcome::not_gated) continue;
        ++(row.verdict == Verdict::unstable || row.verdict == Verdict::absent ? found.unjudged_times : found.times);
        if (moved(row))
            found.alarms.push_back(
                fmt::format("{} of {} {}", quantity_text(row.row.quantity), name_of(row.row.cell), change_text(row)));
    }
    return found;
}

void doubt(Judged& judged, const Control& control) {
    const bool decided =
        moved(judged) || judged.verdict == Verdict::no_detectable_change || (judged.verdict == Verdict::same && !judged.exact);
    if (!decided) return;
    if (!judged.exact && !control.alarms.empty()) {
        judged.verdict = Verdict::unstable;
        judged.reason = "the control alarmed: the base differs from itself in " + control.alarms.front();
    }
    if (judged.exact && control.unlike.contains({judged.row.cell, judged.row.source, judged.row.quantity})) {
        judged.verdict = Verdict::unstable;
        judged.reason = "two runs of the base differ in it";
    }
    if (judged.verdict == Verdict::unstable) judged.smallest_detectable.reset();
}

std::string control_text(const Control& control) {
    std::string text = "control (the base against itself): ";
    if (control.times + control.unjudged_times == 0)
        text += "counts only";
    else if (control.alarms.empty())
        text += fmt::format("no alarm in {}", counted(control.times, "quantity under load", "quantities under load"));
    else
        text += fmt::format("ALARM in {} of {}, so the times of this job are unstable:", control.alarms.size(),
                            counted(control.times, "quantity under load", "quantities under load"));
    for (std::size_t index = 0; index < std::min(told_max, control.alarms.size()); ++index)
        text += fmt::format("{} {}", index == 0 ? "" : ";", plain(control.alarms[index]));
    if (control.unjudged_times > 0) text += fmt::format("; {} could not be judged", control.unjudged_times);
    if (control.gated_unlike_count > 0)
        text += fmt::format("; {} not the same twice", counted(control.gated_unlike_count, "gated count", "gated counts"));
    return text;
}

}  // namespace tare::compare
