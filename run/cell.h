// SPDX-License-Identifier: Apache-2.0
// What was run: the conditions of a window, and the columns that name them in observations.csv and histograms.csv alike.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/row_terms.h"

namespace tare {

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

// Everything that tells one window's conditions from another's, but for the repetition.
struct CellKey {
    VariantName variant;
    Build build = Build::timed;
    Kind kind = Kind::request;
    std::string op;  // empty where nothing is asked: kind idle
    std::uint64_t key_bytes = 0;
    std::uint64_t value_bytes = 0;
    std::uint64_t connections = 1;
    std::uint64_t pipeline = 1;
    Mode mode = Mode::lockstep;
    friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

// "epoll/level/as_described counted get_hit 16 64", then " x16" when pipelined, " 64 connections" of more than one, and the mode
// where it is not lockstep: what --only and a gate's patterns are matched against, and what progress and reports show. What a
// server does by itself meanwhile is "memcached external get_hit background 16 64", an idle window "memcached external idle".
std::string name_of(const CellKey& cell);

inline constexpr std::array<std::string_view, 12> window_columns{"server",      "wiring",   "rung",      "build",
                                                                 "kind",        "op",       "key_bytes", "value_bytes",
                                                                 "connections", "pipeline", "mode",      "repetition"};

// A cell and repetition as the fields of these columns, and back. Throws data_refused with `where` for a word that is none.
std::vector<std::string> window_fields(const CellKey& cell, std::uint64_t repetition);
CellKey parse_cell(std::span<const std::string> fields, const std::string& where);
std::uint64_t parse_repetition(std::span<const std::string> fields, const std::string& where);

}  // namespace tare
