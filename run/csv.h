// SPDX-License-Identifier: Apache-2.0
// CSV files as rows of text, read by libcsv. What the columns mean is the caller's business.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tare {

struct CsvRow {
    std::size_t line = 0;  // 1-based, of the row's last line
    std::vector<std::string> fields;
};

// The rows of `text`, the header included. Throws data_refused naming `where` on malformed CSV.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& where);

// The rows of a file. Throws data_refused when it cannot be read or parsed.
std::vector<CsvRow> read_csv(const std::filesystem::path& path);

// One row with its LF; a field is quoted only where it must be.
std::string csv_line(const std::vector<std::string>& fields);

// The whole file as bytes. Throws data_refused with the path when it cannot be read or has more than a GiB.
std::string read_file(const std::filesystem::path& path);

}  // namespace tare
