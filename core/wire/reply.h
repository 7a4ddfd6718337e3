// SPDX-License-Identifier: Apache-2.0
// The fixed texts of a reply, and the header that precedes a value.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "core/copy.h"
#include "core/wire/request.h"

namespace tare::wire {

inline constexpr std::string_view value_word = "VALUE ";
inline constexpr std::string_view line_end = "\r\n";
inline constexpr std::string_view end = "END\r\n";
inline constexpr std::string_view stored = "STORED\r\n";
inline constexpr std::string_view deleted = "DELETED\r\n";
inline constexpr std::string_view not_found = "NOT_FOUND\r\n";
inline constexpr std::string_view version = "VERSION 1.6.0-tare\r\n";
inline constexpr std::string_view out_of_memory = "SERVER_ERROR out of memory storing object\r\n";

// `VALUE key flags bytes\r\n`: the two numbers have at most 10 and 7 digits.
inline constexpr std::size_t header_bytes_max = value_word.size() + key_bytes_max + 1 + 10 + 1 + 7 + 2;

// Room for it, with some to spare for a compiler that cannot see that the numbers are short.
inline constexpr std::size_t header_room_bytes = header_bytes_max + 8;

// Writes the header to `to`, which has header_room_bytes; returns its length in bytes.
inline std::size_t write_header(char* to, std::string_view key, std::uint32_t flags, std::size_t value_bytes) {
    char* at = to;
    copy_bytes(CopyEdge::text_to_header, at, value_word.data(), value_word.size());
    at += value_word.size();
    copy_bytes(CopyEdge::key_to_header, at, key.data(), key.size());
    at += key.size();
    *at++ = ' ';
    at = std::to_chars(at, to + header_bytes_max, flags).ptr;
    *at++ = ' ';
    at = std::to_chars(at, to + header_bytes_max, value_bytes).ptr;
    *at++ = '\r';
    *at++ = '\n';
    return static_cast<std::size_t>(at - to);
}

}  // namespace tare::wire
