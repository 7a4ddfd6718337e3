// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view plain_again = "\x1b[0m";

std::string coloured(const std::string& text, Verdict verdict, bool colour) {
    if (!colour || (verdict != Verdict::better && verdict != Verdict::worse)) return text;
    return fmt::format("{}{}{}", verdict == Verdict::worse ? red : green, text, plain_again);
}

// A column is as wide as its widest text, but no name may push the figures off the screen.
constexpr int quantity_width = 34;
constexpr int sources_width = 14;

std::string line_text(const Line& line, bool colour) {
    const ComparedRow& row = *line.row;
    const bool part = !row.quantity.detail.empty();
    const std::string name = (part ? "  " : "") + quantity_text(row.quantity);
    std::string text = fmt::format("    {:<{}} {:<{}} {} -> {}  {}  {}", name, quantity_width, line.sources, sources_width,
                                   figure_text(row.base), figure_text(row.head), change_text(row),
                                   coloured(verdict_text(row), row.verdict, colour));
    if (row.outcome == Outcome::crossed) text += ", gate crossed";
    if (row.outcome == Outcome::failed) text += ", gate failed";
    if (row.outcome == Outcome::allowed) text += ", allowed: " + plain(row.allowance);
    text += '\n';
    for (const std::string& note : notes_with_marks(row)) text += fmt::format("      * {}\n", plain(note));
    return text;
}

std::string section_text(const Section& section, bool colour) {
    std::string text = "\n" + section.title + "\n";
    for (const CellLines& cell : section.cells) {
        text += "  " + cell.cell + "\n";
        for (const Line& line : cell.lines) text += line_text(line, colour);
    }
    for (const std::string& tally : section.tallies) text += "  " + tally + "\n";
    return text;
}

// For how many together the levels of the intervals are.
std::string levels_text(const Comparison& comparison) {
    const auto level = [&](std::size_t times, const char* which) {
        return times == 0 ? ""
                          : fmt::format("{} under load{}: {:g} % of all together (Holm)\n",
                                        counted(times, "quantity", "quantities"), which, 100 * (1 - comparison.error));
    };
    return level(comparison.gated_times, ", gated") + level(comparison.other_times, ", not gated");
}

}  // namespace

std::string text_format(const Comparison& comparison, bool colour) {
    std::string text = fmt::format("base {}\nhead {}\n", party_text(comparison.base), party_text(comparison.head));
    if (!comparison.forced.empty()) text += "INCOMPARABLE, compared by force: " + plain(comparison.forced_notice()) + "\n";
    if (comparison.control) text += control_text(*comparison.control) + "\n";
    for (const Section& section : digest(comparison)) text += section_text(section, colour);
    if (!comparison.warnings.empty()) text += "\nWarnings\n";
    for (const std::string& warning : comparison.warnings) text += "  " + plain(warning) + "\n";
    text += fmt::format("\n{} of {}: {}\n", counted(comparison.rows.size(), "quantity", "quantities"),
                        counted(comparison.cell_count(), "cell", "cells"), verdicts_text(comparison));
    text += levels_text(comparison);
    return text + gate_text(comparison) + "\n";
}

}  // namespace tare::compare
