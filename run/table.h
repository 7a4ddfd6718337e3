// SPDX-License-Identifier: Apache-2.0
// The rows of observations.csv or histograms.csv, whichever schema they are of, as rows of the present one.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/csv.h"

namespace tare {

// What tare writes. Schema 1 had the run's name in each row, the kind as a suffix of `op`, and no word for what its divisor,
// `requests`, counts.
inline constexpr unsigned present_schema = 2;

struct Table {
    unsigned schema = present_schema;
    std::string run;                             // schema 1: the name that is in every row
    std::vector<CsvRow> rows;                    // without the header; as many fields as there are columns
    std::string where(const CsvRow& row) const;  // "results/x/observations.csv:7"
    std::filesystem::path path;
};

// Reads a file of these columns, which begin with `window_columns` (run/cell.h). Throws data_refused with path and line for
// another header, for a row of more or fewer fields, and for rows of two runs.
Table read_table(const std::filesystem::path& path, std::span<const std::string_view> columns);

}  // namespace tare
