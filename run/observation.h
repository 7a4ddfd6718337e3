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

namespace tare {

inline constexpr std::array<std::string_view, 18> observation_columns{
    "run",      "server", "wiring",     "rung",   "build",  "op",     "key_bytes", "value_bytes", "connections",
    "pipeline", "mode",   "repetition", "source", "metric", "detail", "requests",  "value",       "status"};

// `server/wiring/rung`; wiring and rung are empty for an external server.
struct VariantName {
    std::string server;
    std::string wiring;
    std::string rung;
    friend auto operator<=>(const VariantName&, const VariantName&) = default;
};

// "uring/oneshot/as_described"; only the server's name for an external one.
std::string to_string(const VariantName& variant);
// Accepts `server/wiring/rung` or `server`. Throws usage_error otherwise.
VariantName parse_variant_name(std::string_view text);

// What was run: everything that tells one window's conditions from another's, but for the repetition.
struct CellKey {
    VariantName variant;
    std::string build;  // timed, counted or external
    std::string op;
    std::uint64_t key_bytes = 0;
    std::uint64_t value_bytes = 0;
    std::uint64_t connections = 1;
    std::uint64_t pipeline = 1;
    std::string mode = "lockstep";
    friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

// "epoll/level/as_described counted get_hit 16 64", then " x16" when pipelined, " 64 connections" of more than one, and the mode
// where it is not lockstep: what --only and a gate's patterns are matched against, and what progress and reports show.
std::string name_of(const CellKey& cell);

struct Observation {
    std::string run;
    CellKey cell;
    std::uint64_t repetition = 0;
    std::string source;
    Quantity quantity;
    std::uint64_t requests = 0;  // the divisor
    Reading reading = Absent{"not filled in"};

    // value / requests, only of a present reading with requests > 0.
    double per_request() const;
};

// The columns `value` and `status` of a reading, and back. Throws data_refused with `where` on anything else.
std::string value_field(const Reading& reading);
std::string status_field(const Reading& reading);
Reading parse_reading(const std::string& value, const std::string& status, const std::string& where);

// The header line and one line, both with LF.
std::string observation_header();
std::string observation_line(const Observation& observation);

// Reads a whole observations.csv. Throws data_refused with path and line on any departure from the contract.
std::vector<Observation> read_observations(const std::filesystem::path& path);

}  // namespace tare
