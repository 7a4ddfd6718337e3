// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "analysis/compare/formats/formats.h"
#include "analysis/compare/summary.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

using nlohmann::ordered_json;

ordered_json number(const std::optional<double>& value) { return value ? ordered_json(*value) : ordered_json(nullptr); }

ordered_json party(const RunInfo& party) {
    return {{"run", plain(party.run)}, {"revision", plain(party.revision)}, {"started_at", plain(party.started_at)}};
}

ordered_json windows(const Windows& windows) {
    ordered_json rows = ordered_json::array();
    for (const auto& [repetition, window] : windows) {
        ordered_json row{{"repetition", repetition}, {"requests", window.requests}};
        if (window.reading.present())
            row["value"] = window.reading.value();
        else
            row["absent"] = plain(window.reading.reason());
        if (!window.marks.empty()) row["marks"] = plain(window.marks);
        rows.push_back(row);
    }
    return rows;
}

// The marks of each side, where it has any.
ordered_json marks(const Row& row) {
    ordered_json sides = ordered_json::object();
    for (const auto& [side, windows] : {std::pair{"base", &row.base_windows}, std::pair{"head", &row.head_windows}}) {
        for (const auto& [mark, count] : marks_in(*windows)) sides[side][plain(mark)] = count;
    }
    return sides;
}

ordered_json cell(const CellKey& key) {
    return {{"server", plain(key.variant.server)},
            {"wiring", plain(key.variant.wiring)},
            {"rung", plain(key.variant.rung)},
            {"build", name_of(key.build)},
            {"kind", name_of(key.kind)},
            {"op", plain(key.op)},
            {"key_bytes", key.key_bytes},
            {"value_bytes", key.value_bytes},
            {"connections", key.connections},
            {"pipeline", key.pipeline},
            {"mode", name_of(key.mode)}};
}

ordered_json row(const ComparedRow& each) {
    ordered_json row{{"cell", cell(each.cell)},
                     {"source", name_of(each.source)},
                     {"metric", plain(each.quantity.metric)},
                     {"detail", plain(each.quantity.detail)},
                     {"unit", unit_of(each)},
                     {"exact", each.exact},
                     {"base", number(each.base)},
                     {"head", number(each.head)},
                     {"difference", number(each.difference)},
                     {"relative", number(each.relative)},
                     {"verdict", name_of(each.verdict)},
                     {"outcome", name_of(each.outcome)}};
    if (each.interval) row["interval"] = {each.interval->low, each.interval->high};
    if (!each.exact) row["repetitions"] = each.repetitions;
    if (each.interval) row["level"] = 1 - each.terms.error;
    if (each.interval) row["threshold"] = each.terms.threshold;
    if (each.minimum_detectable) row["minimum_detectable"] = *each.minimum_detectable;
    if (each.certain_one_in) row["certain_one_in"] = *each.certain_one_in;
    if (!each.reason.empty()) row["reason"] = plain(each.reason);
    if (!each.allowance.empty()) row["allowed"] = plain(each.allowance);
    for (const std::string& note : each.notes) row["notes"].push_back(plain(note));
    const ordered_json marked = marks(each);
    if (!marked.empty()) row["marks"] = marked;
    for (const auto& [side, windows] :
         {std::pair{"base_absent", &each.base_windows}, std::pair{"head_absent", &each.head_windows}}) {
        if (const std::string absence = absence_text(*windows); !absence.empty()) row[side] = plain(absence);
    }
    if (each.verdict != Verdict::same || !marked.empty())
        row["windows"] = {{"base", windows(each.base_windows)}, {"head", windows(each.head_windows)}};
    return row;
}

}  // namespace

std::string json_format(const Comparison& comparison) {
    ordered_json document{{"schema", 1},
                          {"suite", plain(comparison.suite)},
                          {"base", party(comparison.base)},
                          {"head", party(comparison.head)},
                          {"incomparable", ordered_json::array()},
                          {"gate", gate_text(comparison)},
                          {"exit_code", static_cast<int>(comparison.code())},
                          {"warnings", ordered_json::array()},
                          {"rows", ordered_json::array()}};
    if (comparison.control) {
        document["control"] = {{"run", plain(comparison.control->run)},
                               {"times", comparison.control->times},
                               {"unjudged_times", comparison.control->unjudged_times},
                               {"alarms", ordered_json::array()},
                               {"unlike_counts", comparison.control->gated_unlike_count}};
        for (const std::string& alarm : comparison.control->alarms) document["control"]["alarms"].push_back(plain(alarm));
    }
    for (const FieldDifference& each : comparison.forced)
        document["incomparable"].push_back({{"field", plain(each.name)}, {"base", plain(each.base)}, {"head", plain(each.head)}});
    for (const std::string& warning : comparison.warnings) document["warnings"].push_back(plain(warning));
    for (const ComparedRow& each : comparison.rows) document["rows"].push_back(row(each));
    return document.dump(1) + "\n";
}

}  // namespace tare::compare
