// SPDX-License-Identifier: Apache-2.0
#include "run/observation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/metric.h"
#include "core/plain_text.h"
#include "core/status.h"
#include "run/field.h"
#include "run/table.h"

namespace tare {
namespace {

// Whether a window of this kind can be counted per this.
bool fits(Kind kind, Per per) {
    switch (kind) {
        case Kind::request:
            return per == Per::request || per == Per::run;  // run: how many requests is not known
        case Kind::idle:
        case Kind::background:
            return per == Per::ms;
        case Kind::command:
            return per == Per::run;
    }
    return false;
}

Observation parse_observation(const std::vector<std::string>& fields, const std::vector<std::string>& counters,
                              const std::string& where) {
    Observation seen;
    seen.cell = parse_cell(fields, where);
    seen.repetition = parse_repetition(fields, where);
    const auto* field = fields.data() + window_columns.size();
    seen.source = parse_word<Source>(field[0], source_names, "source", where);
    seen.quantity = {field[1], field[2]};
    seen.divisor = {parse_count(field[4], "divisor", where), parse_word<Per>(field[3], per_names, "per", where)};
    seen.reading = parse_reading(field[5], field[6], where);
    const bool is_counter = std::find(counters.begin(), counters.end(), seen.quantity.metric) != counters.end();
    if (metric_named(seen.quantity.metric) == nullptr && !is_counter)
        throw data_refused(fmt::format("{}: metric is '{}', which is none (tare list metrics)", where, seen.quantity.metric));
    if (!fits(seen.cell.kind, seen.divisor.per))
        throw data_refused(
            fmt::format("{}: kind {} is not counted per {}", where, name_of(seen.cell.kind), name_of(seen.divisor.per)));
    if (seen.divisor.count == 0) throw data_refused(where + ": divisor is 0");
    return seen;
}

}  // namespace

std::string value_field(const Measured<std::uint64_t>& reading) {
    return reading.present() ? std::to_string(reading.value()) : "";
}

std::string status_field(const Measured<std::uint64_t>& reading) { return status_of(reading); }

Measured<std::uint64_t> parse_reading(const std::string& value, const std::string& status, const std::string& where) {
    if (status == "ok") return parse_count(value, "value", where);
    if (!status.starts_with(absent_prefix) || status.size() == absent_prefix.size()) {
        throw data_refused(where + ": status is '" + status + "', neither ok nor absent with a reason");
    }
    if (!value.empty()) throw data_refused(where + ": absent, yet value is '" + value + "'");
    return Absent{status.substr(absent_prefix.size())};
}

std::string observation_header() { return csv_line({observation_columns.begin(), observation_columns.end()}); }

// Details are names that programs and files have, and a status may hold their last words.
std::string observation_line(const Observation& seen) {
    std::vector<std::string> fields = window_fields(seen.cell, seen.repetition);
    for (const std::string& word : {std::string(name_of(seen.source)), seen.quantity.metric, plain_lines(seen.quantity.detail),
                                    std::string(name_of(seen.divisor.per))})
        fields.push_back(word);
    fields.push_back(std::to_string(seen.divisor.count));
    fields.push_back(value_field(seen.reading));
    fields.push_back(plain_lines(status_field(seen.reading)));
    return csv_line(fields);
}

Observations read_observations(const std::filesystem::path& path, const std::vector<std::string>& counters) {
    const Table table = read_table(path, observation_columns);
    Observations observations{table.schema, table.run, {}};
    observations.rows.reserve(table.rows.size());
    for (const CsvRow& row : table.rows) observations.rows.push_back(parse_observation(row.fields, counters, table.where(row)));
    return observations;
}

}  // namespace tare
