// SPDX-License-Identifier: Apache-2.0
#include "run/histogram_row.h"

#include <charconv>

#include "core/error.h"
#include "run/build_field.h"
#include "run/csv.h"

namespace tare {
namespace {

std::uint64_t parse_number(std::string_view text, std::string_view what, const std::string& where) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || text.empty())
        throw data_refused(where + ": " + std::string(what) + " is '" + std::string(text) + "', not a count");
    return value;
}

std::vector<Histogram::Bucket> parse_buckets(std::string_view text, const std::string& where) {
    std::vector<Histogram::Bucket> buckets;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const std::size_t colon = item.find(':');
        if (colon == std::string_view::npos) throw data_refused(where + ": '" + std::string(item) + "' is no bucket");
        const std::uint64_t lowest = parse_number(item.substr(0, colon), "a bucket", where);
        const std::uint64_t count = parse_number(item.substr(colon + 1), "a bucket's count", where);
        const bool ordered = buckets.empty() || buckets.back().lowest < lowest;
        if (!ordered || count == 0 || lowest > Histogram::tracked_max)
            throw data_refused(where + ": bucket '" + std::string(item) + "' is empty, too high or out of order");
        buckets.push_back({lowest, lowest, count});
    }
    return buckets;
}

HistogramRow parse_row(const CsvRow& csv, const std::string& where) {
    const auto& field = csv.fields;
    HistogramRow row;
    row.run = field[0];
    row.cell.variant = {field[1], field[2], field[3]};
    row.cell.build = build_named(field[4]);
    row.cell.op = field[5];
    row.cell.key_bytes = parse_number(field[6], "key_bytes", where);
    row.cell.value_bytes = parse_number(field[7], "value_bytes", where);
    row.cell.connections = parse_number(field[8], "connections", where);
    row.cell.pipeline = parse_number(field[9], "pipeline", where);
    row.cell.mode = field[10];
    row.repetition = parse_number(field[11], "repetition", where);
    row.metric = field[12];
    row.sum = parse_number(field[13], "sum", where);
    row.max = parse_number(field[14], "max", where);
    row.buckets = parse_buckets(field[15], where);
    return row;
}

}  // namespace

HistogramRow histogram_row(const CellKey& cell, std::uint64_t repetition, const std::string& metric, const Histogram& histogram) {
    return {"", cell, repetition, metric, histogram.sum(), histogram.max(), histogram.filled_buckets()};
}

std::string histogram_header() { return csv_line({histogram_columns.begin(), histogram_columns.end()}); }

std::string histogram_line(const HistogramRow& row) {
    std::string buckets;
    for (const Histogram::Bucket& bucket : row.buckets)
        buckets += (buckets.empty() ? "" : " ") + std::to_string(bucket.lowest) + ":" + std::to_string(bucket.count);
    const CellKey& cell = row.cell;
    return csv_line({row.run, cell.variant.server, cell.variant.wiring, cell.variant.rung, build_field(cell.build), cell.op,
                     std::to_string(cell.key_bytes), std::to_string(cell.value_bytes), std::to_string(cell.connections),
                     std::to_string(cell.pipeline), cell.mode, std::to_string(row.repetition), row.metric,
                     std::to_string(row.sum), std::to_string(row.max), buckets});
}

std::vector<HistogramRow> read_histograms(const std::filesystem::path& path) {
    const std::vector<CsvRow> rows = read_csv(path);
    const std::vector<std::string> header{histogram_columns.begin(), histogram_columns.end()};
    if (rows.empty() || rows.front().fields != header) throw data_refused(path.string() + ":1: not the header of histograms.csv");
    std::vector<HistogramRow> histograms;
    histograms.reserve(rows.size() - 1);
    for (std::size_t index = 1; index < rows.size(); ++index) {
        const std::string where = path.string() + ":" + std::to_string(rows[index].line);
        if (rows[index].fields.size() != histogram_columns.size())
            throw data_refused(where + ": " + std::to_string(rows[index].fields.size()) + " fields instead of 16");
        histograms.push_back(parse_row(rows[index], where));
    }
    return histograms;
}

}  // namespace tare
