// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/compare/decide.h"
#include "analysis/compare/intact_run.h"

namespace tare::compare {
namespace {

using nlohmann::json;

std::string text_at(const json& environment, const json::json_pointer& place) {
    return environment.contains(place) && environment.at(place).is_string() ? environment.at(place).get<std::string>()
                                                                            : "unknown";
}

RunInfo party_of(const Run& run) {
    const json::json_pointer modified("/tare/modified");
    const bool changed = run.environment.contains(modified) && run.environment.at(modified) == true;
    // A server of a revision of its own, or one that was built with the tare that measured it.
    const json::json_pointer subject("/subject");
    const std::string revision = run.environment.contains(subject)
                                     ? text_at(run.environment, subject / "revision")
                                     : text_at(run.environment, json::json_pointer("/tare/revision")) + (changed ? "+" : "");
    return {run.id, revision, text_at(run.environment, json::json_pointer("/started_at"))};
}

void add_warnings(std::vector<std::string>& warnings, const Run& run, const char* side) {
    for (const json& warning : run.environment.value("warnings", json::array()))
        warnings.push_back(fmt::format("{}: {}", side, warning.get<std::string>()));
}

// Two folders may hold one and the same program.
void add_build_ids(std::vector<std::string>& warnings, const Run& base, const Run& head) {
    const json::json_pointer place("/subject/build_ids");
    if (!base.environment.contains(place) || !head.environment.contains(place)) return;
    const json& ids = base.environment.at(place);
    if (ids.empty() || std::any_of(ids.begin(), ids.end(), [](const json& id) {
            return !id.is_string() || id.get<std::string>().starts_with("absent:");
        }))
        return;
    if (ids == head.environment.at(place))
        warnings.push_back("the servers of base and head are the same program, by their build ids: what differs is noise");
}

}  // namespace

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::not_gated:
            return "not gated";
        case Outcome::passed:
            return "passed";
        case Outcome::allowed:
            return "allowed";
        case Outcome::crossed:
            return "crossed";
        case Outcome::failed:
            return "could not be judged, and fails";
        case Outcome::unmeasured:
            return "could not be judged";
    }
    check(false, "an outcome without a name");
    return "";
}

std::size_t Comparison::count(Outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const ComparedRow& row) { return row.outcome == outcome; }));
}

std::size_t Comparison::count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const ComparedRow& row) { return row.verdict == verdict; }));
}

std::size_t Comparison::passed_unresolved() const {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const ComparedRow& row) {
        return row.outcome == Outcome::passed && row.verdict == Verdict::unresolved;
    }));
}

std::size_t Comparison::cell_count() const {
    std::set<CellKey> cells;
    for (const ComparedRow& row : rows) cells.insert(row.row.cell);
    return cells.size();
}

std::vector<const ComparedRow*> Comparison::moved_parts(const ComparedRow& total) const {
    std::vector<const ComparedRow*> parts;
    for (const ComparedRow& row : rows) {
        const bool same_metric = row.row.cell == total.row.cell && row.row.source == total.row.source &&
                                 row.row.quantity.metric == total.row.quantity.metric;
        const bool part = same_metric && total.row.quantity.detail.empty() && !row.row.quantity.detail.empty();
        if (part && row.difference && *row.difference != 0) parts.push_back(&row);
    }
    return parts;
}

ExitCode Comparison::code() const {
    if (count(Outcome::crossed) + count(Outcome::failed) > 0) return ExitCode::gate_crossed;
    return count(Outcome::unmeasured) > 0 ? ExitCode::cannot_measure : ExitCode::ok;
}

std::string Comparison::forced_notice() const {
    std::string text;
    for (const FieldDifference& each : forced)
        text += fmt::format("{}{}: base '{}', head '{}'", text.empty() ? "" : "; ", each.name, each.base, each.head);
    return text;
}

Comparison compare_runs(const std::filesystem::path& base_folder, const std::filesystem::path& head_folder, const Gate& gate,
                        const std::vector<std::string>& forced, const std::filesystem::path& control_folder) {
    const Run base = open_intact_run(base_folder);
    const Run head = open_intact_run(head_folder);
    Comparison comparison;
    comparison.forced = forced_differences(base.environment, head.environment, forced);
    comparison.base = party_of(base);
    comparison.head = party_of(head);
    comparison.suite = text_at(head.environment, json::json_pointer("/suite/name"));
    comparison.warnings = losses(base, head);
    add_warnings(comparison.warnings, base, "base");
    add_warnings(comparison.warnings, head, "head");
    add_build_ids(comparison.warnings, base, head);
    if (!control_folder.empty()) {
        const Run control = open_intact_run(control_folder);
        forced_differences(base.environment, control.environment, {});
        comparison.control = control_of(control.id, pair_rows(base, control), gate);
    }
    decide(comparison, pair_rows(base, head), gate);
    // A comparison of nothing would pass every gate.
    if (std::all_of(comparison.rows.begin(), comparison.rows.end(), [](const ComparedRow& row) {
            return row.verdict == Verdict::only_in_base || row.verdict == Verdict::only_in_head;
        }))
        throw data_refused("the runs have no quantity in common");
    return comparison;
}

}  // namespace tare::compare
