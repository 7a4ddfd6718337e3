// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/compare/intact_run.h"
#include "analysis/model/idle_activity.h"
#include "core/plain_text.h"
#include "core/status.h"

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
            return !id.is_string() || id.get<std::string>().starts_with(absent_prefix);
        }))
        return;
    if (ids == head.environment.at(place))
        warnings.push_back("the servers of base and head are the same program, by their build ids: what differs is noise");
}

bool moved(const ComparedRow& row) {
    return row.verdict == Verdict::better || row.verdict == Verdict::worse || row.verdict == Verdict::changed;
}

// Takes from a verdict the ground that the control takes from it: any under load is `unresolved` when the control alarmed; a
// count that the control has otherwise than the base is judged anew, beside a base that may do either.
void doubt(ComparedRow& judged, const Control& control) {
    if (judged.exact) {
        const auto unlike = control.unlike.find({judged.cell, judged.source, judged.quantity});
        if (unlike != control.unlike.end() && judged.difference) judge_exact(judged, unlike->second);
    } else if (judged.interval && !control.alarms.empty()) {
        judged.verdict = Verdict::unresolved;
        judged.reason = "the control alarmed: the base differs from itself in " + control.alarms.front();
        judged.minimum_detectable.reset();
        judged.increase.reset();
    }
}

bool varies(const ComparedRow& part, const std::optional<Control>& control) {
    return !extremes_of(part.base_windows, part.quantity.metric).single() ||
           (control && control->unlike.contains({part.cell, part.source, part.quantity}));
}

// Takes a part's windows off a total's; false where they are not a part of them.
bool take_off(Windows& total, const Windows& part) {
    for (auto& [repetition, window] : total) {
        const auto same = part.find(repetition);
        if (same == part.end() || !same->second.reading.present()) return false;
        const std::uint64_t value = same->second.reading.value();
        if (value > window.reading.value()) return false;
        window.reading = window.reading.value() - value;
    }
    return true;
}

// A total that varies hides what its parts show: where one part comes and goes in the base, the others may still be the same for
// each request, and then what they do more is no noise. Makes an unresolved count worse when that of its parts that do not vary
// in the base, and in the control where there is one, is worse in sum, and no varying part got better. Notes which parts were set
// aside. `parts` are by the total's own source.
void judge_steady_parts(ComparedRow& total, const std::vector<const ComparedRow*>& parts, const std::optional<Control>& control) {
    if (!total.exact || total.verdict != Verdict::unresolved) return;
    Row rest = total;
    std::string aside;
    for (const ComparedRow* const part : parts) {
        if (part->verdict == Verdict::absent) return;
        if (!varies(*part, control)) continue;
        if (part->verdict == Verdict::better || !take_off(rest.base_windows, part->base_windows) ||
            !take_off(rest.head_windows, part->head_windows))
            return;
        aside += (aside.empty() ? "" : ", ") + plain(part->quantity.detail);
    }
    const ComparedRow steady = judge(std::move(rest), total.terms.threshold);
    if (aside.empty() || steady.verdict != Verdict::worse) return;
    total.verdict = Verdict::worse;
    total.reason.clear();
    total.increase = steady.difference;
    total.notes.push_back(
        fmt::format("without what varies in the base ({}): {:.6g} -> {:.6g}", aside, *steady.base, *steady.head));
}

// Resolves measured rows together: while any clears its threshold at the error divided by the number of those that are left,
// it is done with, and the others may have the more (Holm). Rows too few repetitions for any level have no part in it.
void resolve_together(const std::vector<ComparedRow*>& rows, double error) {
    std::vector<ComparedRow*> left;
    for (ComparedRow* const row : rows) {
        if (row->effects->shift.at(error))
            left.push_back(row);
        else
            resolve(*row, error);
    }
    while (!left.empty()) {
        const double each = error / static_cast<double>(left.size());
        const auto cleared =
            std::stable_partition(left.begin(), left.end(), [&](const ComparedRow* row) { return !clears(*row, each); });
        const bool last = cleared == left.end();
        std::for_each(last ? left.begin() : cleared, left.end(), [&](ComparedRow* row) { resolve(*row, each); });
        left.erase(last ? left.begin() : cleared, left.end());
    }
}

void judge_totals_by_parts(Comparison& comparison) {
    std::map<Family, std::vector<const ComparedRow*>> parts;
    for (const ComparedRow& row : comparison.rows) {
        if (row.exact && !row.quantity.detail.empty()) parts[family_of(row)].push_back(&row);
    }
    for (ComparedRow& row : comparison.rows) {
        const auto own = parts.find(family_of(row));
        if (row.quantity.detail.empty() && own != parts.end()) judge_steady_parts(row, own->second, comparison.control);
    }
}

// Where an external server has idle activity in a metric, so much of a request's cost may pass for it (docs/methodology.md).
constexpr std::uint64_t certain_beside_background = 10;

void bound_limits_by_background(Comparison& comparison) {
    using Server = std::tuple<VariantName, Source, std::string>;
    const auto server_of = [](const Row& row) { return Server(row.cell.variant, row.source, row.quantity.metric); };
    std::set<Server> busy;
    for (const ComparedRow& row : comparison.rows) {
        const bool seen = row.base.value_or(0) > 0 || row.head.value_or(0) > 0;
        if (is_idle_activity(row.cell) && seen) busy.insert(server_of(row));
    }
    for (ComparedRow& row : comparison.rows) {
        if (row.certain_one_in && busy.contains(server_of(row)))
            row.certain_one_in = std::min(*row.certain_one_in, certain_beside_background);
    }
}

}  // namespace

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
    for (const ComparedRow& row : rows) cells.insert(row.cell);
    return cells.size();
}

std::vector<const ComparedRow*> Comparison::moved_parts(const ComparedRow& total) const {
    std::vector<const ComparedRow*> parts;
    for (const ComparedRow& row : rows) {
        const bool same_metric =
            row.cell == total.cell && row.source == total.source && row.quantity.metric == total.quantity.metric;
        const bool part = same_metric && total.quantity.detail.empty() && !row.quantity.detail.empty();
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

void decide(Comparison& comparison, std::vector<Row> rows, const Gate& gate) {
    std::set<Family> totals;
    for (const Row& row : rows) {
        if (row.quantity.detail.empty()) totals.insert(family_of(row));
    }
    std::vector<bool> gated;
    gated.reserve(rows.size());
    comparison.rows.reserve(rows.size());
    comparison.error = gate.error;
    std::vector<ComparedRow*> gated_times, other_times;
    for (Row& row : rows) {
        gated.push_back(gate.judges(row, totals.contains(family_of(row))));
        const double threshold = gate.threshold_of(row.quantity.metric);
        comparison.rows.push_back(judge(std::move(row), threshold));
        ComparedRow& judged = comparison.rows.back();
        if (judged.effects) (gated.back() ? gated_times : other_times).push_back(&judged);
    }
    comparison.gated_times = gated_times.size();
    comparison.other_times = other_times.size();
    resolve_together(gated_times, gate.error);
    resolve_together(other_times, gate.error);
    if (comparison.control) {
        for (ComparedRow& row : comparison.rows) doubt(row, *comparison.control);
    }
    judge_totals_by_parts(comparison);
    bound_limits_by_background(comparison);
    Decision decision(gate, comparison.rows);
    for (std::size_t index = 0; index < gated.size(); ++index) {
        if (gated[index]) decision.decide(comparison.rows[index]);
    }
    for (std::string& line : decision.unused_allowances()) comparison.warnings.push_back(std::move(line));
}

Control control_of(const std::string& run, std::vector<Row> base_and_control, const Gate& gate) {
    Comparison against_itself;
    decide(against_itself, std::move(base_and_control), gate);
    Control found;
    found.run = run;
    for (const ComparedRow& row : against_itself.rows) {
        if (row.exact) {
            if (!moved(row) && row.verdict != Verdict::not_worse && row.verdict != Verdict::unresolved) continue;
            found.unlike.emplace(RowKey(row.cell, row.source, row.quantity), extremes_of(row.head_windows, row.quantity.metric));
            if (row.outcome != Outcome::not_gated) ++found.gated_unlike_count;
            continue;
        }
        if (row.outcome == Outcome::not_gated) continue;
        ++(row.interval ? found.times : found.unjudged_times);
        if (moved(row))
            found.alarms.push_back(fmt::format("{} of {} {}", quantity_text(row.quantity), name_of(row.cell), change_text(row)));
    }
    return found;
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
