// SPDX-License-Identifier: Apache-2.0
#include "run/contrast_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/error.h"
#include "core/status.h"
#include "run/csv.h"
#include "run/field.h"
#include "run/observation.h"

namespace tare {
namespace {

using Reading = Measured<std::uint64_t>;

constexpr std::size_t values_begin = 6;  // the first of the columns that may be absent
constexpr std::array values{&ContrastRow::requests, &ContrastRow::server_cpu_ns, &ContrastRow::client_cpu_ns,
                            &ContrastRow::window_ns, &ContrastRow::latency_p50_ns};
constexpr std::size_t marks_place = values_begin + values.size();

// Which columns are empty, the status says why: none of an `ok` row, one at least of another.
void read_values(ContrastRow& row, const std::vector<std::string>& fields, const std::string& where) {
    const std::string& status = fields.back();
    bool any_absent = false;
    for (std::size_t index = 0; index < values.size(); ++index) {
        const std::string& field = fields[values_begin + index];
        if (!field.empty())
            row.*values[index] = parse_count(field, contrast_columns[values_begin + index], where);
        else if (status == "ok")
            throw data_refused(fmt::format("{}: {} is empty, yet status is ok", where, contrast_columns[values_begin + index]));
        else
            row.*values[index] = parse_reading("", status, where);
        any_absent = any_absent || field.empty();
    }
    if (status != "ok" && !any_absent)
        throw data_refused(fmt::format("{}: status is '{}', yet no value is empty", where, status));
}

ContrastRow parse_row(const std::vector<std::string>& fields, const std::string& where) {
    ContrastRow row;
    row.contrast = fields[0];
    row.generation = parse_count(fields[1], "generation", where);
    row.block = parse_count(fields[2], "block", where);
    row.order = parse_count(fields[3], "order", where);
    row.subject = fields[4];
    row.role = parse_word<ContrastRole>(fields[5], contrast_role_names, "role", where);
    if (row.contrast.empty() || row.subject.empty()) throw data_refused(where + ": a slice of nothing");
    read_values(row, fields, where);
    row.marks = fields[marks_place];
    return row;
}

}  // namespace

ContrastRow absent_contrast_row(ContrastRow place, const std::string& reason) {
    for (Reading ContrastRow::*const value : values) place.*value = Absent{reason};
    place.marks.clear();
    return place;
}

std::string contrast_header() { return csv_line({contrast_columns.begin(), contrast_columns.end()}); }

std::string contrast_line(const ContrastRow& row) {
    std::vector<std::string> fields{
        row.contrast, std::to_string(row.generation), std::to_string(row.block), std::to_string(row.order),
        row.subject,  std::string(name_of(row.role))};
    std::string status = "ok";
    for (Reading ContrastRow::*const value : values) {
        fields.push_back(value_field(row.*value));
        if (status == "ok") status = status_field(row.*value);
    }
    fields.push_back(row.marks);
    fields.push_back(status);
    return csv_line(fields);
}

std::vector<ContrastRow> read_contrasts(const std::filesystem::path& path) {
    std::vector<CsvRow> lines = read_csv(path);
    const auto header = lines.empty() ? std::vector<std::string>{} : lines.front().fields;
    if (!std::equal(header.begin(), header.end(), contrast_columns.begin(), contrast_columns.end()))
        throw data_refused(path.string() + ":1: not the header of contrasts.csv");
    std::vector<ContrastRow> rows;
    rows.reserve(lines.size());
    for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
        const std::string where = fmt::format("{}:{}", path.string(), line->line);
        if (line->fields.size() != contrast_columns.size())
            throw data_refused(fmt::format("{}: {} fields instead of {}", where, line->fields.size(), contrast_columns.size()));
        rows.push_back(parse_row(line->fields, where));
        const ContrastRow& row = rows.back();
        if (rows.size() < 2) continue;
        const ContrastRow& last = rows[rows.size() - 2];
        const auto place = [](const ContrastRow& each) { return std::tuple(each.generation, each.block); };
        if (last.contrast == row.contrast && place(row) < place(last))
            throw data_refused(where + ": a block of an earlier generation, or an earlier block");
    }
    return rows;
}

}  // namespace tare
