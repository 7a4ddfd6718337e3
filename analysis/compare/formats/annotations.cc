// SPDX-License-Identifier: Apache-2.0
// GitHub's workflow commands: ::error for what crossed the gate, ::warning for what could not be judged. GitHub shows ten of
// each a step, so the last place says how many more there are.
#include <fmt/format.h>

#include <vector>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/wording.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

constexpr std::size_t most_shown = 10;

std::string escaped(std::string_view text, std::string_view specials) {
    std::string safe;
    for (const char character : plain(text)) {
        if (specials.find(character) != std::string_view::npos)
            safe += fmt::format("%{:02X}", static_cast<unsigned char>(character));
        else
            safe += character;
    }
    return safe;
}

std::string command(const char* name, const std::string& title, const std::string& message) {
    return fmt::format("::{} title={}::{}\n", name, escaped(title, "%\r\n:,"), escaped(message, "%\r\n"));
}

std::string limited(const std::vector<std::string>& lines, const char* name) {
    std::string text;
    const std::size_t shown = lines.size() > most_shown ? most_shown - 1 : lines.size();
    for (std::size_t index = 0; index < shown; ++index) text += lines[index];
    if (shown < lines.size()) text += command(name, "tare", fmt::format("and {} more like these", lines.size() - shown));
    return text;
}

}  // namespace

std::string annotations_format(const Comparison& comparison) {
    std::vector<std::string> errors, warnings;
    if (!comparison.forced.empty())
        warnings.push_back(command("warning", "tare: incomparable runs, compared by force", comparison.forced_notice()));
    for (const ComparedRow& row : comparison.rows) {
        const bool unresolved = row.outcome == Outcome::passed && row.verdict == Verdict::unresolved;
        const bool failed = row.outcome == Outcome::failed;
        if (row.outcome != Outcome::crossed && row.outcome != Outcome::unmeasured && !unresolved && !failed) continue;
        const std::string parts = parts_text(comparison, row);
        const std::string message = fmt::format(
            "{} {} by {}: {}{}{}", name_of(row.row.cell), quantity_text(row.row.quantity), row.row.source, finding_text(row),
            row.verdict != Verdict::absent ? "" : ": " + row.reason, parts.empty() ? "" : " (" + parts + ")");
        if (row.outcome == Outcome::crossed) errors.push_back(command("error", "tare: gate crossed", message));
        if (failed) errors.push_back(command("error", "tare: could not be judged, and fails", message));
        if (row.outcome == Outcome::unmeasured) warnings.push_back(command("warning", "tare: could not be judged", message));
        if (unresolved) warnings.push_back(command("warning", "tare: unresolved", message));
    }
    for (const std::string& warning : comparison.warnings) warnings.push_back(command("warning", "tare", warning));
    return limited(errors, "error") + limited(warnings, "warning") +
           fmt::format("::notice title=tare::{}\n", escaped(gate_text(comparison), "%\r\n"));
}

}  // namespace tare::compare
