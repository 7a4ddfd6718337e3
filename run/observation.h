// SPDX-License-Identifier: Apache-2.0
// One row of observations.csv: one quantity, seen by one source, in one window. The columns are a contract
// (docs/architecture.md); results/README.md describes them for readers.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/measured.h"
#include "core/quantity.h"
#include "core/row_terms.h"
#include "run/cell.h"

namespace tare {

inline constexpr std::array<std::string_view, 19> observation_columns{
    "server", "wiring",     "rung",   "build",  "kind",   "op",  "key_bytes", "value_bytes", "connections", "pipeline",
    "mode",   "repetition", "source", "metric", "detail", "per", "divisor",   "value",       "status"};

// What a value is to be divided by: so many requests, milliseconds or runs, more than 0.
struct Divisor {
    std::uint64_t count = 0;
    Per per = Per::request;
    friend bool operator==(const Divisor&, const Divisor&) = default;
};

struct Observation {
    CellKey cell;
    std::uint64_t repetition = 0;
    Source source = Source::client;
    Quantity quantity;
    Divisor divisor;
    Measured<std::uint64_t> reading = Absent{"not filled in"};
};

// The columns `value` and `status` of a reading, and back. Throws data_refused with `where` on anything else.
std::string value_field(const Measured<std::uint64_t>& reading);
std::string status_field(const Measured<std::uint64_t>& reading);
Measured<std::uint64_t> parse_reading(const std::string& value, const std::string& status, const std::string& where);

// The header line and one line, both with LF.
std::string observation_header();
std::string observation_line(const Observation& observation);

// The rows of a file, and of what schema it is (run/table.h).
struct Observations {
    unsigned schema = 0;
    std::string run;  // of schema 1
    std::vector<Observation> rows;
};

// Reads a whole observations.csv, of schema 1 as one of schema 2, whose metrics are those of the table and these `counters`.
// Throws data_refused with path and line on any departure from the contract.
Observations read_observations(const std::filesystem::path& path, const std::vector<std::string>& counters = {});

}  // namespace tare
