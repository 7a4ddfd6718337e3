// SPDX-License-Identifier: Apache-2.0
// One row of histograms.csv: how often each duration was seen in one window. Percentiles of several windows together come from
// these; a percentile of each says nothing of them all. The columns are a contract (docs/architecture.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/histogram.h"
#include "run/cell.h"

namespace tare {

inline constexpr std::array<std::string_view, 16> histogram_columns{
    "server",      "wiring",   "rung", "build",      "kind",   "op",  "key_bytes", "value_bytes",
    "connections", "pipeline", "mode", "repetition", "metric", "sum", "max",       "buckets"};

struct HistogramRow {
    CellKey cell;
    std::uint64_t repetition = 0;
    std::string metric;  // whose distribution it is: latency_ns, open_latency_ns, late_ns
    std::uint64_t sum = 0;
    std::uint64_t max = 0;
    std::vector<Histogram::Bucket> buckets;  // of what was read only `lowest` and `count`
};

HistogramRow histogram_row(const CellKey& cell, std::uint64_t repetition, const std::string& metric, const Histogram& histogram);

// The header line and one line, both with LF. `buckets` are "LOWEST:COUNT", with spaces between them.
std::string histogram_header();
std::string histogram_line(const HistogramRow& row);

struct Histograms {
    std::string run;  // that every row of schema 1 names; empty of schema 2
    std::vector<HistogramRow> rows;
};

// Reads a whole histograms.csv, of schema 1 as one of schema 2. Throws data_refused with path and line on any departure from the
// contract.
Histograms read_histograms(const std::filesystem::path& path);

}  // namespace tare
