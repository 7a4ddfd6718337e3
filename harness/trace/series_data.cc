// SPDX-License-Identifier: Apache-2.0
// The same for programs: rows of observations.csv, and JSON.
#include <nlohmann/json.hpp>

#include "harness/process/child.h"
#include "harness/trace/series.h"
#include "harness/trace/site_rows.h"
#include "harness/trace/site_table.h"
#include "run/observation.h"

namespace tare {
namespace {

using nlohmann::json;

void add_rows(std::string& text, const CommandSeries& series, const std::string& op) {
    const std::string& program = series.arguments.front();
    CellKey cell;
    cell.variant = {program.substr(program.rfind('/') + 1), "", ""};
    cell.build = Build::external;
    cell.kind = Kind::command;
    cell.op = op;
    cell.connections = 0;
    cell.pipeline = 0;
    for (std::size_t repetition = 0; repetition < series.repetitions.size(); ++repetition) {
        const CountedCommand& counted = series.repetitions[repetition];
        Snapshot counts = counted.counts();
        if (counted.sites) counts.merge(site_rows(*counted.sites));
        for (const auto& [quantity, reading] : counts)
            text += observation_line({cell, repetition, counted.source_of(quantity), quantity, {1, Per::run}, reading});
    }
}

json json_of(const CommandSeries& series) {
    json repetitions = json::array();
    for (const CountedCommand& repetition : series.repetitions) {
        json counts = json::array();
        for (const auto& [quantity, reading] : repetition.counts()) {
            json row{{"source", name_of(repetition.source_of(quantity))},
                     {"metric", quantity.metric},
                     {"detail", quantity.detail},
                     {"status", status_field(reading)}};
            if (reading.present()) row["value"] = reading.value();
            counts.push_back(std::move(row));
        }
        json row{{"end", end_of(repetition.status)}, {"processes", repetition.process_count}, {"counts", std::move(counts)}};
        if (repetition.sites) row["call_sites"] = sites_as_json(*repetition.sites);
        repetitions.push_back(std::move(row));
    }
    return {{"arguments", series.arguments}, {"repetitions", std::move(repetitions)}};
}

}  // namespace

std::string as_csv(const CommandSeries& series, const CommandSeries* other) {
    std::string text = observation_header();
    add_rows(text, series, "command");
    if (other != nullptr) add_rows(text, *other, "other_command");
    return text;
}

std::string as_json(const CommandSeries& series, const CommandSeries* other) {
    json document{{"schema", 1}, {"command", json_of(series)}};
    if (other != nullptr) document["other_command"] = json_of(*other);
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace tare
