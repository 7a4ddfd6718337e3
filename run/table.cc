// SPDX-License-Identifier: Apache-2.0
#include "run/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/row_terms.h"

namespace tare {
namespace {

using Fields = std::vector<std::string>;

constexpr std::size_t build_place = 4;  // of schema 1; `op` follows it
constexpr std::string_view background_suffix = "_background";

Fields schema_1_header(std::span<const std::string_view> columns) {
    Fields header{"run"};
    for (const std::string_view column : columns) {
        if (column != "kind" && column != "per") header.emplace_back(column == "divisor" ? "requests" : column);
    }
    return header;
}

// What the suffix of an operation of schema 1 said; the operation is left without it.
Kind take_kind(std::string& op) {
    if (op == "idle") {
        op.clear();
        return Kind::idle;
    }
    if (!op.ends_with(background_suffix)) return Kind::request;
    op.resize(op.size() - background_suffix.size());
    return Kind::background;
}

// A row of schema 1 as one of these columns.
Fields present_fields(Fields fields, std::span<const std::string_view> columns) {
    const Kind kind = take_kind(fields[build_place + 1]);
    fields.insert(fields.begin() + build_place + 1, std::string(name_of(kind)));
    fields.erase(fields.begin());
    if (const auto per = std::find(columns.begin(), columns.end(), "per"); per != columns.end())
        fields.insert(fields.begin() + (per - columns.begin()),
                      std::string(name_of(kind == Kind::request ? Per::request : Per::ms)));
    return fields;
}

}  // namespace

std::string Table::where(const CsvRow& row) const { return fmt::format("{}:{}", path.string(), row.line); }

Table read_table(const std::filesystem::path& path, std::span<const std::string_view> columns) {
    Table table;
    table.path = path;
    table.rows = read_csv(path);
    const Fields header = table.rows.empty() ? Fields{} : std::move(table.rows.front().fields);
    if (header == schema_1_header(columns))
        table.schema = 1;
    else if (!std::equal(header.begin(), header.end(), columns.begin(), columns.end()))
        throw data_refused(path.string() + ":1: not the header of " + path.filename().string());
    table.rows.erase(table.rows.begin());
    for (CsvRow& row : table.rows) {
        if (row.fields.size() != header.size())
            throw data_refused(fmt::format("{}: {} fields instead of {}", table.where(row), row.fields.size(), header.size()));
        if (table.schema != 1) continue;
        const std::string& run = row.fields.front();
        if (&row == &table.rows.front()) table.run = run;
        if (run != table.run)
            throw data_refused(fmt::format("{}: a row of run '{}' among those of '{}'", table.where(row), run, table.run));
        row.fields = present_fields(std::move(row.fields), columns);
    }
    return table;
}

}  // namespace tare
