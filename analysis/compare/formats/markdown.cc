// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <vector>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "analysis/report/markdown.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

// Data stands as code: there neither @name nor #1 nor a link means anything to GitHub.
std::string shown(std::string_view text) {
    const std::string safe = plain(text);
    return safe.empty() ? "-" : markdown::code(safe);
}

// What a section's note on what was left out may need, and the end of the comment.
constexpr std::size_t reserved_bytes = 1024;

std::vector<std::string> cells_of(const Line& line) {
    const ComparedRow& row = *line.row;
    std::string verdict(name_of(row.verdict));
    if (row.outcome == Outcome::crossed || row.outcome == Outcome::failed) verdict = "**" + verdict + "**";
    if (row.outcome == Outcome::allowed) verdict += ", allowed: " + shown(row.allowance);
    if (row.verdict == Verdict::unresolved) verdict += ": " + shown(row.reason);
    for (const std::string& note : notes_with_marks(row)) verdict += "; " + shown(note);
    const std::string name = shown(quantity_text(row.quantity));
    return {row.quantity.detail.empty() ? name : "· " + name,
            line.sources,
            figure_text(row.base),
            figure_text(row.head),
            change_text(row),
            verdict};
}

std::string cell_text(const CellLines& cell) {
    std::vector<std::vector<std::string>> rows;
    for (const Line& line : cell.lines) {
        rows.push_back(cells_of(line));
        rows.back()[1] = shown(rows.back()[1]);
    }
    return shown(cell.cell) + "\n\n" +
           markdown::table({cell.lines.front().row->cell.kind == Kind::command ? "per run" : "per request", "source", "base",
                            "head", "change", "verdict"},
                           rows);
}

// As much of a section as there is room for, and how much was left out.
std::string section_text(const Section& section, std::size_t room_bytes) {
    std::string text = "### " + section.title + "\n\n";
    std::size_t left_out = 0;
    const auto add = [&](const std::string& piece) {
        if (left_out > 0 || text.size() + piece.size() > room_bytes)
            ++left_out;
        else
            text += piece;
    };
    for (const CellLines& cell : section.cells) add(cell_text(cell));
    std::string tallies;
    for (const std::string& tally : section.tallies) tallies += "- " + shown(tally) + "\n";
    if (!tallies.empty()) add(tallies + "\n");
    if (left_out > 0)
        text += fmt::format("*{} of this section left out: no room below 64 KiB.*\n\n", counted(left_out, "piece", "pieces"));
    return text;
}

std::string heading(const Comparison& comparison) {
    std::string text = fmt::format("## tare: {}\n\n", gate_text(comparison));
    if (!comparison.forced.empty())
        text +=
            fmt::format("> **Incomparable runs, compared by force:** {}\n\n", shown(comparison.forced_notice().substr(0, 4096)));
    if (comparison.control) text += shown(control_text(*comparison.control)) + "\n\n";
    text += fmt::format("{} of {} compared: {}.\n\n", counted(comparison.rows.size(), "quantity", "quantities"),
                        counted(comparison.cell_count(), "cell", "cells"), verdicts_text(comparison));
    return text;
}

}  // namespace

std::string markdown_format(const Comparison& comparison) {
    std::string text = heading(comparison);
    const std::string end =
        fmt::format("base {}, head {}\n", shown(party_text(comparison.base)), shown(party_text(comparison.head)));
    std::size_t left_out = 0;
    std::vector<Section> sections = digest(comparison);
    if (!comparison.warnings.empty()) sections.push_back({"Warnings", {}, comparison.warnings});
    for (const Section& section : sections) {
        const std::size_t used_bytes = text.size() + end.size() + reserved_bytes;
        const std::size_t room_bytes = used_bytes < markdown_most_bytes ? markdown_most_bytes - used_bytes : 0;
        std::string piece = room_bytes > reserved_bytes ? section_text(section, room_bytes) : "";
        if (piece.empty()) ++left_out;
        text += piece;
    }
    if (left_out > 0) text += fmt::format("*{} left out: no room below 64 KiB.*\n\n", counted(left_out, "section", "sections"));
    return text + end;
}

}  // namespace tare::compare
