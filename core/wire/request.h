// SPDX-License-Identifier: Apache-2.0
// One request of the memcached text protocol as read from a buffer. Views point into that buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tare::wire {

inline constexpr std::size_t key_bytes_max = 250;
inline constexpr std::size_t value_bytes_max = std::size_t{1} << 20;
// A line of this many bytes without its end is refused, unless it is a get with its many keys.
inline constexpr std::size_t line_bytes_max = 2048;
inline constexpr std::size_t get_line_bytes_max = std::size_t{1} << 20;

enum class Kind : std::uint8_t {
    incomplete,  // more bytes are needed; see Parsed::needed_bytes
    get,
    set,
    delete_key,
    version,
    quit,
    refused,  // answered by `error`, nothing else
    close,    // the connection is to be closed without a reply
};

// What was read; the fields after `consumed_bytes` are set for the kinds that their comments name.
struct Parsed {
    Kind kind = Kind::incomplete;
    std::size_t consumed_bytes = 0;
    std::size_t needed_bytes = 0;   // incomplete: parsing again before this many bytes are there is of no use
    std::size_t swallow_bytes = 0;  // refused: body bytes after `consumed_bytes` that belong to this request
    std::string_view keys;          // get: the keys with blanks between them
    std::string_view key;           // set, delete_key, and refused for size: the old value goes
    std::string_view value;         // set
    std::uint32_t flags = 0;        // set
    std::int64_t expiry_s = 0;      // set: as sent
    bool noreply = false;           // set, delete_key, refused: no reply is wanted
    std::string_view error;         // refused: the reply, with its line end
};

// Reads the first request of `input`. Never reads past it, allocates nothing, and depends on nothing but `input`.
Parsed parse(std::string_view input);

// Takes the next blank-separated word off `text`; empty when there is none.
constexpr std::string_view take_word(std::string_view& text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) {
        text = {};
        return {};
    }
    const std::size_t end = text.find(' ', begin);
    const std::string_view word = text.substr(begin, end == std::string_view::npos ? end : end - begin);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return word;
}

}  // namespace tare::wire
