// SPDX-License-Identifier: Apache-2.0
// Where a reply of which not every byte is known ends: after a delimiter, after a length that stands in it, or with its datagram.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/load/protocols/template_text.h"

namespace tare {

inline constexpr std::uint64_t reply_bytes_max_default = std::uint64_t{1} << 20;
inline constexpr std::uint64_t reply_bytes_max_most = std::uint64_t{1} << 30;

struct ReplyRule {
    enum class Kind : std::uint8_t {
        exact,     // `text` is all of it
        until,     // up to and with `delimiter`, behind `text`
        length,    // a number in it says how long it is
        http,      // an HTTP head with its length; `text` is the body, or it is passed over
        datagram,  // what one datagram holds, which begins with `text`
    };
    Kind kind = Kind::exact;
    TemplateText text = {};

    std::string delimiter = {};
    // Of each length of it, less one: how long the longest of its begins is that also ends it there.
    std::vector<std::uint8_t> delimiter_restarts = {};

    std::size_t length_at = 0;  // bytes from the reply's begin
    NumberFormat length_format = {};
    std::int64_t length_added = 0;  // to the number, for all bytes of the reply

    std::uint64_t http_status = 0;
    std::uint64_t bytes_max = reply_bytes_max_default;  // a longer one is wrong
};

// Sets the delimiter and what belongs to it; at most 64 bytes.
void set_delimiter(ReplyRule& rule, const std::string& delimiter);
inline constexpr std::size_t delimiter_bytes_max = 64;

}  // namespace tare
