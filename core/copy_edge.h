// SPDX-License-Identifier: Apache-2.0
// Where a copy goes from and to. Every copy of a reference server names its hop; `cargo` says what travels, so
// that copies of the data (the seed's "memcpy" rows) and copies of key or header text stay apart.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tare {

// What a hop carries: the whole request, the value alone, the whole reply, or only key, header or status text.
enum class Cargo : std::uint8_t { request, value, reply, text };

enum class Hop : std::uint8_t {
    provided_to_accum,
    accum_to_input,
    accum_compaction,
    key_to_storage,
    input_to_storage,
    storage_to_clone,
    text_to_header,
    key_to_header,
    header_to_response,
    value_to_response,
    trailer_to_response,
    status_to_response,
    response_growth,
    response_to_write,
    value_to_write,
    trailer_to_write,
    status_to_write,
    fixed_to_write,
    buffer_growth,
};

struct HopRow {
    std::string_view name;
    Cargo cargo;
    std::string_view description;
};

inline constexpr std::array<HopRow, 19> hops{{
    {"provided_to_accum", Cargo::request, "provided buffer to the connection's accumulation buffer"},
    {"accum_to_input", Cargo::request, "accumulation buffer to a fresh input_copy"},
    {"accum_compaction", Cargo::request, "an unfinished request moved to the front of its buffer"},
    {"key_to_storage", Cargo::text, "key of a SET into the item"},
    {"input_to_storage", Cargo::value, "value of a SET into the item"},
    {"storage_to_clone", Cargo::value, "item.clone(): the item's value into a fresh vector"},
    {"text_to_header", Cargo::text, "the word VALUE into a reply's header"},
    {"key_to_header", Cargo::text, "key into a reply's header"},
    {"header_to_response", Cargo::text, "header into the response vector"},
    {"value_to_response", Cargo::value, "value into the response vector"},
    {"trailer_to_response", Cargo::text, "line end and END into the response vector"},
    {"status_to_response", Cargo::text, "a status line into the response vector"},
    {"response_growth", Cargo::reply, "the response vector moved to a larger allocation"},
    {"response_to_write", Cargo::reply, "response vector to the connection's write buffer"},
    {"value_to_write", Cargo::value, "value into the write buffer"},
    {"trailer_to_write", Cargo::text, "line end and END into the write buffer"},
    {"status_to_write", Cargo::text, "a status line into the write buffer"},
    {"fixed_to_write", Cargo::reply, "the null server's fixed reply into the write buffer"},
    {"buffer_growth", Cargo::reply, "a connection's buffer moved to a larger allocation (only while warming up)"},
}};

inline constexpr std::size_t hop_count = hops.size();

constexpr std::size_t index_of(Hop hop) { return static_cast<std::size_t>(hop); }
constexpr std::string_view name_of(Hop hop) { return hops[index_of(hop)].name; }

}  // namespace tare
