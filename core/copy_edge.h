// SPDX-License-Identifier: Apache-2.0
// Where a copy goes from and to. Every copy of a reference server names its edge; `payload` says what travels, so
// that copies of the data (the reference document's "memcpy" rows) and copies of key or header text stay apart.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tare {

// What a edge carries: the whole request, the value alone, the whole reply, or only key, header or status text.
enum class Payload : std::uint8_t { request, value, reply, text };

enum class CopyEdge : std::uint8_t {
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

struct CopyEdgeRow {
    std::string_view name;
    Payload payload;
    std::string_view description;
};

inline constexpr std::array<CopyEdgeRow, 19> copy_edges{{
    {"provided_to_accum", Payload::request, "provided buffer to the connection's accumulation buffer"},
    {"accum_to_input", Payload::request, "accumulation buffer to a fresh input_copy"},
    {"accum_compaction", Payload::request, "an unfinished request moved to the front of its buffer"},
    {"key_to_storage", Payload::text, "key of a SET into the item"},
    {"input_to_storage", Payload::value, "value of a SET into the item"},
    {"storage_to_clone", Payload::value, "item.clone(): the item's value into a fresh vector"},
    {"text_to_header", Payload::text, "the word VALUE into a reply's header"},
    {"key_to_header", Payload::text, "key into a reply's header"},
    {"header_to_response", Payload::text, "header into the response vector"},
    {"value_to_response", Payload::value, "value into the response vector"},
    {"trailer_to_response", Payload::text, "line end and END into the response vector"},
    {"status_to_response", Payload::text, "a status line into the response vector"},
    {"response_growth", Payload::reply, "the response vector moved to a larger allocation"},
    {"response_to_write", Payload::reply, "response vector to the connection's write buffer"},
    {"value_to_write", Payload::value, "value into the write buffer"},
    {"trailer_to_write", Payload::text, "line end and END into the write buffer"},
    {"status_to_write", Payload::text, "a status line into the write buffer"},
    {"fixed_to_write", Payload::reply, "the null server's fixed reply into the write buffer"},
    {"buffer_growth", Payload::reply, "a connection's buffer moved to a larger allocation (only while warming up)"},
}};

inline constexpr std::size_t copy_edge_count = copy_edges.size();

constexpr std::size_t index_of(CopyEdge edge) { return static_cast<std::size_t>(edge); }
constexpr std::string_view name_of(CopyEdge edge) { return copy_edges[index_of(edge)].name; }

}  // namespace tare
