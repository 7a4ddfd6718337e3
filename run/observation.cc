// SPDX-License-Identifier: Apache-2.0
#include "run/observation.h"

#include <fmt/format.h>

#include <charconv>

#include "core/error.h"
#include "run/build_field.h"
#include "run/csv.h"

namespace tare {
namespace {

constexpr std::string_view absent_prefix = "absent:";

std::uint64_t parse_count(const std::string& text, std::string_view column, const std::string& where) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || text.empty()) {
        throw data_refused(where + ": " + std::string(column) + " is '" + text + "', not a count");
    }
    return value;
}

Observation parse_observation(const CsvRow& row, const std::string& where) {
    const auto& field = row.fields;
    Observation seen;
    seen.run = field[0];
    seen.cell.variant = {field[1], field[2], field[3]};
    seen.cell.build = build_named(field[4]);
    seen.cell.op = field[5];
    seen.cell.key_bytes = parse_count(field[6], "key_bytes", where);
    seen.cell.value_bytes = parse_count(field[7], "value_bytes", where);
    seen.cell.connections = parse_count(field[8], "connections", where);
    seen.cell.pipeline = parse_count(field[9], "pipeline", where);
    seen.cell.mode = field[10];
    seen.repetition = parse_count(field[11], "repetition", where);
    seen.source = field[12];
    seen.quantity = {field[13], field[14]};
    seen.requests = parse_count(field[15], "requests", where);
    seen.reading = parse_reading(field[16], field[17], where);
    return seen;
}

}  // namespace

std::string to_string(const VariantName& variant) {
    if (variant.wiring.empty()) return variant.server;
    return variant.server + "/" + variant.wiring + "/" + variant.rung;
}

VariantName parse_variant_name(std::string_view text) {
    const auto first = text.find('/');
    if (first == std::string_view::npos && !text.empty()) return {std::string(text), "", ""};
    const auto second = text.find('/', first + 1);
    const bool three = first != std::string_view::npos && second != std::string_view::npos &&
                       text.find('/', second + 1) == std::string_view::npos;
    VariantName name;
    if (three)
        name = {std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)),
                std::string(text.substr(second + 1))};
    if (name.server.empty() || name.wiring.empty() || name.rung.empty()) {
        throw usage_error("'" + std::string(text) + "' is no variant: expected SERVER/WIRING/RUNG");
    }
    return name;
}

std::string name_of(const CellKey& cell) {
    std::string name =
        fmt::format("{} {} {} {} {}", to_string(cell.variant), cell.build, cell.op, cell.key_bytes, cell.value_bytes);
    if (cell.pipeline != 1) name += fmt::format(" x{}", cell.pipeline);
    if (cell.connections != 1) name += fmt::format(" {} connections", cell.connections);
    if (cell.mode != "lockstep") name += " " + cell.mode;
    return name;
}

std::string value_field(const Reading& reading) { return reading.present() ? std::to_string(reading.value()) : ""; }

std::string status_field(const Reading& reading) {
    return reading.present() ? "ok" : std::string(absent_prefix) + reading.reason();
}

Reading parse_reading(const std::string& value, const std::string& status, const std::string& where) {
    if (status == "ok") return parse_count(value, "value", where);
    if (!status.starts_with(absent_prefix) || status.size() == absent_prefix.size()) {
        throw data_refused(where + ": status is '" + status + "', neither ok nor absent with a reason");
    }
    if (!value.empty()) throw data_refused(where + ": absent, yet value is '" + value + "'");
    return Absent{status.substr(absent_prefix.size())};
}

double Observation::per_request() const {
    check(requests > 0, "per_request() of a window without requests");
    return static_cast<double>(reading.value()) / static_cast<double>(requests);
}

std::string observation_header() { return csv_line({observation_columns.begin(), observation_columns.end()}); }

std::string observation_line(const Observation& seen) {
    const CellKey& cell = seen.cell;
    return csv_line({seen.run, cell.variant.server, cell.variant.wiring, cell.variant.rung, build_field(cell.build), cell.op,
                     std::to_string(cell.key_bytes), std::to_string(cell.value_bytes), std::to_string(cell.connections),
                     std::to_string(cell.pipeline), cell.mode, std::to_string(seen.repetition), seen.source, seen.quantity.metric,
                     seen.quantity.detail, std::to_string(seen.requests), value_field(seen.reading), status_field(seen.reading)});
}

std::vector<Observation> read_observations(const std::filesystem::path& path) {
    const std::vector<CsvRow> rows = read_csv(path);
    const std::vector<std::string> header{observation_columns.begin(), observation_columns.end()};
    if (rows.empty() || rows.front().fields != header)
        throw data_refused(path.string() + ":1: not the header of observations.csv");
    std::vector<Observation> observations;
    observations.reserve(rows.size() - 1);
    for (std::size_t index = 1; index < rows.size(); ++index) {
        const std::string where = path.string() + ":" + std::to_string(rows[index].line);
        if (rows[index].fields.size() != observation_columns.size()) {
            throw data_refused(where + ": " + std::to_string(rows[index].fields.size()) + " fields instead of 18");
        }
        observations.push_back(parse_observation(rows[index], where));
    }
    return observations;
}

}  // namespace tare
