// SPDX-License-Identifier: Apache-2.0
// Reads memcached's text protocol; the oracle for every answer is memcached 1.6.18 (tests/contract compares them).
#include <charconv>
#include <limits>

#include "core/wire/request.h"

namespace tare::wire {
namespace {

constexpr std::string_view unknown_command = "ERROR\r\n";
constexpr std::string_view bad_format = "CLIENT_ERROR bad command line format\r\n";
constexpr std::string_view bad_chunk = "CLIENT_ERROR bad data chunk\r\n";
constexpr std::string_view bad_delete = "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n";
constexpr std::string_view too_large = "SERVER_ERROR object too large for cache\r\n";

Parsed refuse(std::size_t consumed_bytes, std::string_view error) {
    return {.kind = Kind::refused, .consumed_bytes = consumed_bytes, .error = error};
}

template <class Number>
bool read_number(std::string_view word, Number& number) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

bool good_key(std::string_view key) {
    if (key.size() > key_bytes_max) return false;
    for (const char letter : key) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) return false;
    }
    return true;
}

Parsed parse_get(std::string_view keys, std::size_t line_bytes) {
    std::string_view rest = keys;
    std::size_t key_count = 0;
    for (std::string_view key = take_word(rest); !key.empty(); key = take_word(rest), ++key_count) {
        if (key.size() > key_bytes_max) return refuse(line_bytes, bad_format);
    }
    if (key_count == 0) return refuse(line_bytes, unknown_command);
    return {.kind = Kind::get, .consumed_bytes = line_bytes, .keys = keys};
}

Parsed parse_set(std::string_view input, std::string_view words, std::size_t line_bytes) {
    const std::string_view key = take_word(words);
    const std::string_view flags_word = take_word(words);
    const std::string_view expiry_word = take_word(words);
    const std::string_view size_word = take_word(words);
    const std::string_view last_word = take_word(words);
    // Only the last word can be noreply, also where it stands for the size.
    const bool noreply = (last_word.empty() ? size_word : last_word) == "noreply";
    if (size_word.empty() || !take_word(words).empty()) return refuse(line_bytes, unknown_command);

    Parsed set{.kind = Kind::set, .key = key, .noreply = noreply};
    std::int64_t size_bytes = 0;
    std::int32_t expiry_s = 0;
    constexpr std::int64_t announced_bytes_max = std::numeric_limits<std::int32_t>::max() - 2;
    const bool good = good_key(key) && read_number(flags_word, set.flags) && read_number(expiry_word, expiry_s) &&
                      read_number(size_word, size_bytes) && size_bytes >= 0 && size_bytes <= announced_bytes_max;
    if (!good) {
        Parsed refused = refuse(line_bytes, bad_format);
        refused.noreply = set.noreply;
        return refused;
    }
    set.expiry_s = expiry_s;
    const auto value_bytes = static_cast<std::size_t>(size_bytes);
    if (value_bytes > value_bytes_max) {
        Parsed refused = refuse(line_bytes, too_large);
        refused.swallow_bytes = value_bytes + 2;
        refused.key = key;
        refused.noreply = set.noreply;
        return refused;
    }
    const std::size_t request_bytes = line_bytes + value_bytes + 2;
    if (input.size() < request_bytes) return {.kind = Kind::incomplete, .needed_bytes = request_bytes};
    if (input.substr(line_bytes + value_bytes, 2) != "\r\n") {
        Parsed refused = refuse(request_bytes, bad_chunk);
        refused.noreply = set.noreply;
        return refused;
    }
    set.value = input.substr(line_bytes, value_bytes);
    set.consumed_bytes = request_bytes;
    return set;
}

Parsed parse_delete(std::string_view words, std::size_t line_bytes) {
    const std::string_view key = take_word(words);
    const std::string_view second = take_word(words);
    const std::string_view third = take_word(words);
    if (key.empty() || !take_word(words).empty()) return refuse(line_bytes, unknown_command);
    // Only the last word can be noreply.
    const bool noreply = (third.empty() ? second : third) == "noreply";
    // `delete k 0` is accepted for old clients; any other second word than that and noreply is not.
    const bool accepted = third.empty() ? second.empty() || second == "0" || noreply : second == "0" && noreply;
    if (!accepted || key.size() > key_bytes_max) {
        Parsed refused = refuse(line_bytes, accepted ? bad_format : bad_delete);
        refused.noreply = noreply;
        return refused;
    }
    return {.kind = Kind::delete_key, .consumed_bytes = line_bytes, .key = key, .noreply = noreply};
}

Parsed parse_line(std::string_view input, std::string_view line, std::size_t line_bytes) {
    std::string_view words = line;
    const std::string_view command = take_word(words);
    if (command == "get") return parse_get(words, line_bytes);
    if (command == "set") return parse_set(input, words, line_bytes);
    if (command == "delete") return parse_delete(words, line_bytes);
    if (command == "version") return {.kind = Kind::version, .consumed_bytes = line_bytes};
    if (command == "quit") return {.kind = Kind::quit, .consumed_bytes = line_bytes};
    // A web browser or a scanner: memcached closes on a line whose last word is HTTP/…
    const std::size_t last = line.find_last_of(' ') + 1;
    if (line.substr(last).starts_with("HTTP/")) return {.kind = Kind::close};
    return refuse(line_bytes, unknown_command);
}

}  // namespace

Parsed parse(std::string_view input) {
    if (input.empty()) return {.kind = Kind::incomplete, .needed_bytes = 1};
    if (static_cast<unsigned char>(input.front()) == 0x80) return {.kind = Kind::close};  // the binary protocol
    const std::size_t line_end = input.find('\n');
    if (line_end == std::string_view::npos) {
        const std::size_t limit_bytes = input.starts_with("get ") ? get_line_bytes_max : line_bytes_max;
        if (input.size() > limit_bytes) return {.kind = Kind::close};
        return {.kind = Kind::incomplete, .needed_bytes = input.size() + 1};
    }
    std::string_view line = input.substr(0, line_end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return parse_line(input, line, line_end + 1);
}

}  // namespace tare::wire
