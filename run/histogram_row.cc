// SPDX-License-Identifier: Apache-2.0
#include "run/histogram_row.h"

#include "core/error.h"
#include "run/field.h"
#include "run/table.h"

namespace tare {
namespace {

std::vector<Histogram::Bucket> parse_buckets(std::string_view text, const std::string& where) {
    std::vector<Histogram::Bucket> buckets;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const std::size_t colon = item.find(':');
        if (colon == std::string_view::npos) throw data_refused(where + ": '" + std::string(item) + "' is no bucket");
        const std::uint64_t lowest = parse_count(item.substr(0, colon), "a bucket", where);
        const std::uint64_t count = parse_count(item.substr(colon + 1), "a bucket's count", where);
        const bool ordered = buckets.empty() || buckets.back().lowest < lowest;
        if (!ordered || count == 0 || lowest > Histogram::tracked_max)
            throw data_refused(where + ": bucket '" + std::string(item) + "' is empty, too high or out of order");
        buckets.push_back({lowest, lowest, count});
    }
    return buckets;
}

HistogramRow parse_row(const std::vector<std::string>& fields, const std::string& where) {
    HistogramRow row;
    row.cell = parse_cell(fields, where);
    row.repetition = parse_repetition(fields, where);
    const auto* field = fields.data() + window_columns.size();
    row.metric = field[0];
    row.sum = parse_count(field[1], "sum", where);
    row.max = parse_count(field[2], "max", where);
    row.buckets = parse_buckets(field[3], where);
    return row;
}

}  // namespace

HistogramRow histogram_row(const CellKey& cell, std::uint64_t repetition, const std::string& metric, const Histogram& histogram) {
    return {cell, repetition, metric, histogram.sum(), histogram.max(), histogram.filled_buckets()};
}

std::string histogram_header() { return csv_line({histogram_columns.begin(), histogram_columns.end()}); }

std::string histogram_line(const HistogramRow& row) {
    std::string buckets;
    for (const Histogram::Bucket& bucket : row.buckets)
        buckets += (buckets.empty() ? "" : " ") + std::to_string(bucket.lowest) + ":" + std::to_string(bucket.count);
    std::vector<std::string> fields = window_fields(row.cell, row.repetition);
    fields.insert(fields.end(), {row.metric, std::to_string(row.sum), std::to_string(row.max), buckets});
    return csv_line(fields);
}

Histograms read_histograms(const std::filesystem::path& path) {
    const Table table = read_table(path, histogram_columns);
    Histograms histograms{table.run, {}};
    histograms.rows.reserve(table.rows.size());
    for (const CsvRow& row : table.rows) histograms.rows.push_back(parse_row(row.fields, table.where(row)));
    return histograms;
}

}  // namespace tare
