// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/plain_text.h"

namespace tare::compare {
namespace {

constexpr std::size_t told_max = 3;          // alarms of a control
constexpr std::size_t revision_digits = 12;  // of a commit

bool moved(const ComparedRow& row) {
    return row.verdict == Verdict::better || row.verdict == Verdict::worse || row.verdict == Verdict::changed;
}

bool is_unresolved(const ComparedRow& row, Outcome outcome) {
    return row.verdict == Verdict::unresolved && row.outcome == outcome;
}

// Whether its figures are shown and not only counted: what changed, and what the gate judges and cannot tell.
bool is_shown(const ComparedRow& row) {
    return moved(row) || (row.verdict == Verdict::unresolved && row.outcome != Outcome::not_gated);
}

bool same_to_a_reader(const ComparedRow& one, const ComparedRow& other) {
    return one.cell == other.cell && one.quantity == other.quantity && one.verdict == other.verdict &&
           one.outcome == other.outcome && one.base == other.base && one.head == other.head && one.notes == other.notes &&
           one.reason == other.reason;
}

void add_line(Section& section, const ComparedRow& row) {
    const std::string cell = plain(name_of(row.cell));
    if (section.cells.empty() || section.cells.back().cell != cell) section.cells.push_back({cell, {}});
    std::vector<Line>& lines = section.cells.back().lines;
    for (Line& line : lines) {
        if (!same_to_a_reader(*line.row, row)) continue;
        line.sources += fmt::format(" = {}", name_of(row.source));
        return;
    }
    lines.push_back({&row, std::string(name_of(row.source))});
}

// What tells the sections of changed rows apart: where a total stands, its parts that moved stand, too.
struct Kind {
    std::string title;
    bool (*holds)(const ComparedRow&);
};

const std::vector<Kind> kinds{
    {"Gate crossed", [](const ComparedRow& row) { return row.outcome == Outcome::crossed; }},
    {"Unresolved, and the gate has it fail", [](const ComparedRow& row) { return is_unresolved(row, Outcome::failed); }},
    {"Unresolved, and the gate refuses it", [](const ComparedRow& row) { return is_unresolved(row, Outcome::unmeasured); }},
    {"Unresolved: may be worse, and may not", [](const ComparedRow& row) { return is_unresolved(row, Outcome::passed); }},
    {"Allowed", [](const ComparedRow& row) { return row.outcome == Outcome::allowed; }},
    {"Worse, not gated", [](const ComparedRow& row) { return row.verdict == Verdict::worse; }},
    {"Better", [](const ComparedRow& row) { return row.verdict == Verdict::better; }},
    {"Changed, neither better nor worse", [](const ComparedRow& row) { return row.verdict == Verdict::changed; }},
};

std::vector<Section> changed_sections(const std::vector<ComparedRow>& rows) {
    std::vector<Section> sections;
    sections.reserve(kinds.size() + 1);
    for (const Kind& kind : kinds) sections.push_back({kind.title, {}, {}});
    sections.push_back({"Other parts, the same total", {}, {}});
    std::map<Family, std::size_t> section_of;
    const auto kind_of = [](const ComparedRow& row) {
        return static_cast<std::size_t>(
            std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.holds(row); }) - kinds.begin());
    };
    std::set<Family> totals;
    for (const ComparedRow& row : rows) {
        if (!row.quantity.detail.empty()) continue;
        totals.insert(family_of(row));
        if (is_shown(row)) section_of.emplace(family_of(row), kind_of(row));
    }
    for (const ComparedRow& row : rows) {
        if (!is_shown(row)) continue;
        const bool decided =
            row.outcome == Outcome::crossed || row.outcome == Outcome::allowed || row.verdict == Verdict::unresolved;
        const auto total = section_of.find(family_of(row));
        if (total != section_of.end() && !decided)
            add_line(sections[total->second], row);
        else
            add_line(sections[!decided && totals.contains(family_of(row)) ? kinds.size() : kind_of(row)], row);
    }
    return sections;
}

// What has no two figures to show, by what it has in common.
class Tallies {
public:
    void add(const ComparedRow& row, const std::string& why) {
        Tally& tally = tallies_[{row.source, why}];
        ++tally.quantities;
        tally.cells.insert(row.cell);
    }
    Section section(std::string title) const {
        Section section{std::move(title), {}, {}};
        for (const auto& [key, tally] : tallies_) {
            const std::string cells =
                tally.cells.size() == 1 ? plain(name_of(*tally.cells.begin())) : fmt::format("{} cells", tally.cells.size());
            section.tallies.push_back(fmt::format("{} of {} in {}{}", counted(tally.quantities, "quantity", "quantities"),
                                                  name_of(key.first), cells, key.second.empty() ? "" : ": " + plain(key.second)));
        }
        return section;
    }

private:
    struct Tally {
        std::size_t quantities = 0;
        std::set<CellKey> cells;
    };
    std::map<std::pair<Source, std::string>, Tally> tallies_;
};

void add_unjudged(std::vector<Section>& sections, const std::vector<ComparedRow>& rows) {
    Tallies needed, unresolved, absent, base, head;
    for (const ComparedRow& row : rows) {
        if (is_shown(row)) continue;
        if (row.outcome == Outcome::unmeasured || row.outcome == Outcome::failed)
            needed.add(row, fmt::format("{}{}{}", name_of(row.verdict), row.reason.empty() ? "" : ": ", row.reason));
        else if (row.verdict == Verdict::unresolved)
            unresolved.add(row, row.reason);
        else if (row.verdict == Verdict::absent)
            absent.add(row, row.reason);
        else if (row.verdict == Verdict::only_in_base)
            base.add(row, "");
        else if (row.verdict == Verdict::only_in_head)
            head.add(row, "");
    }
    sections.insert(sections.begin() + 1, needed.section("Could not be judged, and the gate needs it"));
    sections.push_back(unresolved.section("Unresolved, not gated"));
    sections.push_back(absent.section("Absent"));
    sections.push_back(base.section("Only in base"));
    sections.push_back(head.section("Only in head"));
}

// Gated times are shown also where they did not change: how far they may have is what their interval says.
Section times_section(const std::vector<ComparedRow>& rows) {
    Section section{"Times that are not worse", {}, {}};
    for (const ComparedRow& row : rows) {
        const bool quiet = row.verdict == Verdict::same || row.verdict == Verdict::not_worse;
        if (!row.exact && quiet && row.outcome != Outcome::not_gated) add_line(section, row);
    }
    return section;
}

// What a comparison like this one finds: of counts by how many requests they saw, of gated times cell by cell.
Section limits_section(const std::vector<ComparedRow>& rows) {
    Section section{"What would have been found", {}, {}};
    std::map<std::uint64_t, std::set<CellKey>> cells, beside_background;
    for (const ComparedRow& row : rows) {
        if (!row.certain_one_in) continue;
        const bool bounded = *row.certain_one_in < requests_of(row.head_windows);
        (bounded ? beside_background : cells)[*row.certain_one_in].insert(row.cell);
    }
    for (const auto& [requests, of] : cells)
        section.tallies.push_back(fmt::format(
            "counts of {}: what happens once in {} requests or oftener, for certain; once in P, more seldom, with the "
            "chance {}/P; what begins after k of these requests, for certain once in {} - k; what begins later, never",
            counted(of.size(), "cell", "cells"), requests, requests, requests));
    for (const auto& [requests, of] : beside_background)
        section.tallies.push_back(
            fmt::format("counts of {} in metrics with idle activity: what happens once in {} requests or oftener, for certain",
                        counted(of.size(), "cell", "cells"), requests));
    for (const ComparedRow& row : rows) {
        if (row.outcome == Outcome::not_gated || !row.minimum_detectable) continue;
        section.tallies.push_back(fmt::format("{} of {}: {} more is found in 80 % of comparisons (gate {:g} %)",
                                              quantity_text(row.quantity), plain(name_of(row.cell)), detectable_text(row),
                                              row.terms.threshold * 100));
    }
    return section;
}

}  // namespace

std::vector<Section> digest(const Comparison& comparison) {
    std::vector<Section> sections = changed_sections(comparison.rows);
    sections.push_back(times_section(comparison.rows));
    add_unjudged(sections, comparison.rows);
    sections.push_back(limits_section(comparison.rows));
    std::erase_if(sections, [](const Section& section) { return section.cells.empty() && section.tallies.empty(); });
    return sections;
}

std::string parts_text(const Comparison& comparison, const ComparedRow& total) {
    std::string text;
    for (const ComparedRow* const part : comparison.moved_parts(total))
        text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", plain(part->quantity.detail), figure_text(part->base),
                            figure_text(part->head));
    return text;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string gate_text(const Comparison& comparison) {
    const std::size_t crossed = comparison.count(Outcome::crossed);
    const std::size_t unmeasured = comparison.count(Outcome::unmeasured);
    const std::size_t allowed = comparison.count(Outcome::allowed);
    const std::size_t failed = comparison.count(Outcome::failed);
    const std::size_t unresolved = comparison.passed_unresolved();
    std::string text = crossed > 0 ? "gate crossed by " + counted(crossed, "quantity", "quantities") : "gate passed";
    if (failed > 0)
        text = (crossed > 0 ? text + ", failed by " : "gate failed by ") + counted(failed, "quantity", "quantities") +
               " that could not be judged";
    if (unmeasured > 0) {
        if (crossed + failed == 0) text = "gate not decided";
        text += ", " + counted(unmeasured, "quantity", "quantities") + " could not be judged";
    }
    if (unresolved > 0) text += ", " + counted(unresolved, "quantity", "quantities") + " unresolved";
    if (allowed > 0) text += ", " + counted(allowed, "increase", "increases") + " allowed";
    return text;
}

std::string verdicts_text(const Comparison& comparison) {
    std::string text;
    for (const Verdict verdict : {Verdict::worse, Verdict::better, Verdict::changed, Verdict::same, Verdict::not_worse,
                                  Verdict::unresolved, Verdict::absent, Verdict::only_in_base, Verdict::only_in_head}) {
        const std::size_t count = comparison.count(verdict);
        if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name_of(verdict));
    }
    return text;
}

std::string party_text(const RunInfo& party) {
    std::string revision = plain(party.revision);
    const bool modified = revision.ends_with('+');
    if (revision.size() > revision_digits) revision = revision.substr(0, revision_digits) + (modified ? "+" : "");
    return fmt::format("{} (revision {})", plain(party.run), revision);
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
