// SPDX-License-Identifier: Apache-2.0
// GitHub's workflow commands: ::error for what crossed the gate, ::warning for what could not be judged.
#include <fmt/format.h>

#include <vector>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "analysis/report/annotations.h"

namespace tare::compare {
std::string annotations_format(const Comparison& comparison) {
    std::vector<std::string> errors, warnings;
    if (!comparison.forced.empty())
        warnings.push_back(
            annotations::line("warning", "tare: incomparable runs, compared by force", comparison.forced_notice()));
    for (const ComparedRow& row : comparison.rows) {
        const bool unresolved = row.outcome == Outcome::passed && row.verdict == Verdict::unresolved;
        const bool failed = row.outcome == Outcome::failed;
        if (row.outcome != Outcome::crossed && row.outcome != Outcome::unmeasured && !unresolved && !failed) continue;
        const std::string parts = parts_text(comparison, row);
        const std::string message = fmt::format(
            "{} {} by {}: {}{}{}", name_of(row.cell), quantity_text(row.quantity), name_of(row.source), finding_text(row),
            row.verdict != Verdict::absent ? "" : ": " + row.reason, parts.empty() ? "" : " (" + parts + ")");
        if (row.outcome == Outcome::crossed) errors.push_back(annotations::line("error", "tare: gate crossed", message));
        if (failed) errors.push_back(annotations::line("error", "tare: could not be judged, and fails", message));
        if (row.outcome == Outcome::unmeasured)
            warnings.push_back(annotations::line("warning", "tare: could not be judged", message));
        if (unresolved) warnings.push_back(annotations::line("warning", "tare: unresolved", message));
    }
    for (const std::string& warning : comparison.warnings) warnings.push_back(annotations::line("warning", "tare", warning));
    return annotations::limited(errors, "error") + annotations::limited(warnings, "warning") +
           annotations::line("notice", "tare", gate_text(comparison));
}

}  // namespace tare::compare
