// SPDX-License-Identifier: Apache-2.0
// The parser against the table of docs/protocol.md: what each request is, that no prefix of it is anything else, and
// that what follows it changes nothing. tests/contract holds the same table against memcached.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/wire/request.h"
#include "tests/unit/guarded_text.h"

namespace tare::wire {
namespace {

const std::string error = "ERROR\r\n";
const std::string bad_format = "CLIENT_ERROR bad command line format\r\n";
const std::string bad_chunk = "CLIENT_ERROR bad data chunk\r\n";
const std::string bad_delete = "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n";
const std::string too_large = "SERVER_ERROR object too large for cache\r\n";
const std::string key_250(250, 'k');
const std::string key_251(251, 'k');

struct Row {
    std::string input;  // one request, whole
    Kind kind;
    std::string error;  // refused
    bool noreply = false;
    std::size_t left_bytes = 0;  // of the input: what the next request begins with
};

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        {"get k\r\n", Kind::get, ""},
        {"get k\n", Kind::get, ""},
        {"  get  a  b \r\n", Kind::get, ""},
        {"get " + key_250 + "\r\n", Kind::get, ""},
        {"get\r\n", Kind::refused, error},
        {"get \r\n", Kind::refused, error},
        {"get " + key_251 + "\r\n", Kind::refused, bad_format},
        {"get k " + key_251 + "\r\n", Kind::refused, bad_format},
        {"GET k\r\n", Kind::refused, error},
        {"gett k\r\n", Kind::refused, error},
        {"\r\n", Kind::refused, error},
        {"\n", Kind::refused, error},
        {"unknown\r\n", Kind::refused, error},
        {"set k 0 0 0\r\n\r\n", Kind::set, ""},
        {"set k 0 0 4\r\n\r\n\r\n\r\n", Kind::set, ""},
        {"set k 4294967295 -1 1\nv\r\n", Kind::set, ""},
        {"set k 0 99999999999 1\r\n", Kind::refused, bad_format},
        {"set k 0 0 1 noreply\r\nv\r\n", Kind::set, "", true},
        {"set k 0 0 1 other\r\nv\r\n", Kind::set, ""},
        {"set " + key_250 + " 0 0 1\r\nv\r\n", Kind::set, ""},
        {"set k 0 0\r\n", Kind::refused, error},
        {"set k 0 0 1 noreply more\r\n", Kind::refused, error},
        {"set\r\n", Kind::refused, error},
        {"set " + key_251 + " 0 0 1\r\n", Kind::refused, bad_format},
        {"set " + key_251 + " 0 0 1 noreply\r\n", Kind::refused, bad_format, true},
        {"set k\t 0 0 1\r\n", Kind::refused, bad_format},
        {"set k 0 0 -1\r\n", Kind::refused, bad_format},
        {"set k 0 0 abc\r\n", Kind::refused, bad_format},
        {"set k 0 0 2147483647\r\n", Kind::refused, bad_format},
        {"set k 0 0 99999999999999999999\r\n", Kind::refused, bad_format},
        {"set k abc 0 1\r\n", Kind::refused, bad_format},
        {"set k -1 0 1\r\n", Kind::refused, bad_format},
        {"set k 4294967296 0 1\r\n", Kind::refused, bad_format},
        {"set k 0 abc 1\r\n", Kind::refused, bad_format},
        {"set k 0 9223372036854775808 1\r\n", Kind::refused, bad_format},
        {"set k +5 0 1\r\n", Kind::refused, bad_format},
        {"set k 0 0 noreply\r\n", Kind::refused, bad_format, true},
        {"set k abc 0 1 noreply\r\n", Kind::refused, bad_format, true},
        {"set k 0 0 3\r\nlonger\r\n", Kind::refused, bad_chunk, false, 3},
        {"set k 0 0 3\r\nv\r\nget k\r\n", Kind::refused, bad_chunk, false, 5},
        {"set k 0 0 1\r\nv\nx", Kind::refused, bad_chunk, false},
        {"set k 0 0 1 noreply\r\nvvv", Kind::refused, bad_chunk, true},
        {"set k 0 0 1048577\r\n", Kind::refused, too_large},
        {"set k 0 0 1048577 noreply\r\n", Kind::refused, too_large, true},
        {"set k 0 0 2147483645\r\n", Kind::refused, too_large},
        {"delete k\r\n", Kind::delete_key, ""},
        {"delete k 0\r\n", Kind::delete_key, ""},
        {"delete k noreply\r\n", Kind::delete_key, "", true},
        {"delete k 0 noreply\r\n", Kind::delete_key, "", true},
        {"delete\r\n", Kind::refused, error},
        {"delete a b c d e\r\n", Kind::refused, error},
        {"delete k 10\r\n", Kind::refused, bad_delete},
        {"delete k 10 noreply\r\n", Kind::refused, bad_delete, true},
        {"delete k noreply 0\r\n", Kind::refused, bad_delete},
        {"delete " + key_251 + "\r\n", Kind::refused, bad_format},
        {"delete " + key_251 + " 10\r\n", Kind::refused, bad_delete},
        {"version\r\n", Kind::version, ""},
        {"quit\r\n", Kind::quit, ""},
        {"GET / HTTP/1.0\r\n", Kind::close, ""},
        {"HTTP/1.1\r\n", Kind::close, ""},
        {"POST /x HTTP/1.1\r\n", Kind::close, ""},
        {"\x80", Kind::close, ""},
    };
    return rows;
}

TEST(wire_parse, every_row_of_the_table) {
    for (const Row& row : table()) {
        SCOPED_TRACE(row.input);
        const Parsed parsed = parse(row.input);
        EXPECT_EQ(parsed.kind, row.kind);
        EXPECT_EQ(parsed.error, row.error);
        EXPECT_EQ(parsed.noreply, row.noreply);
        EXPECT_EQ(parsed.consumed_bytes, row.kind == Kind::close ? 0 : row.input.size() - row.left_bytes);
    }
}

// Also: needed_bytes is more than there is and never more than it takes.
TEST(wire_parse, every_proper_prefix_is_incomplete_and_nothing_is_read_past_it) {
    GuardedText guarded(4096);
    for (const Row& row : table()) {
        SCOPED_TRACE(row.input);
        const std::size_t whole_bytes = row.input.size() - row.left_bytes;
        for (std::size_t size_bytes = 0; size_bytes < whole_bytes; ++size_bytes) {
            const Parsed parsed = parse(guarded.hold(row.input.substr(0, size_bytes)));
            ASSERT_EQ(parsed.kind, Kind::incomplete) << "at " << size_bytes;
            ASSERT_GT(parsed.needed_bytes, size_bytes);
            ASSERT_LE(parsed.needed_bytes, whole_bytes);
        }
        EXPECT_EQ(parse(guarded.hold(row.input)).kind, row.kind);
    }
}

TEST(wire_parse, what_follows_a_request_changes_nothing) {
    for (const Row& row : table()) {
        SCOPED_TRACE(row.input);
        const Parsed alone = parse(row.input);
        for (const char* const more : {"\r\n", "get k\r\n", "\x80", "x"}) {
            const std::string longer = row.input + more;
            const Parsed followed = parse(longer);
            EXPECT_EQ(followed.kind, alone.kind);
            EXPECT_EQ(followed.consumed_bytes, alone.consumed_bytes);
            EXPECT_EQ(followed.swallow_bytes, alone.swallow_bytes);
            EXPECT_EQ(followed.keys, alone.keys);
            EXPECT_EQ(followed.key, alone.key);
            EXPECT_EQ(followed.value, alone.value);
            EXPECT_EQ(followed.error, alone.error);
        }
    }
}

TEST(wire_parse, the_fields_of_a_set) {
    const Parsed set = parse("set k 4294967295 -1 4\r\n\r\n\r\n\r\n");
    EXPECT_EQ(set.key, "k");
    EXPECT_EQ(set.flags, 4294967295U);
    EXPECT_EQ(set.expiry_s, -1);
    EXPECT_EQ(set.value, "\r\n\r\n");
}

TEST(wire_parse, the_keys_of_a_get) {
    std::string_view keys = parse("get  a bb  c\r\n").keys;
    EXPECT_EQ(take_word(keys), "a");
    EXPECT_EQ(take_word(keys), "bb");
    EXPECT_EQ(take_word(keys), "c");
    EXPECT_EQ(take_word(keys), "");
}

TEST(wire_parse, a_value_over_the_limit_is_swallowed_with_its_line_end_and_the_old_one_goes) {
    const Parsed refused = parse("set k 0 0 1048577\r\n");
    EXPECT_EQ(refused.swallow_bytes, 1048579U);
    EXPECT_EQ(refused.key, "k");
    const Parsed largest = parse("set k 0 0 1048576\r\n");
    EXPECT_EQ(largest.kind, Kind::incomplete);
    EXPECT_EQ(largest.needed_bytes, 19U + 1048576U + 2U);
}

TEST(wire_parse, a_line_without_an_end_is_closed_on_unless_it_is_a_get) {
    EXPECT_EQ(parse(std::string(2048, 'x')).kind, Kind::incomplete);
    EXPECT_EQ(parse(std::string(2049, 'x')).kind, Kind::close);
    EXPECT_EQ(parse("get " + std::string(100000, 'x')).kind, Kind::incomplete);
    EXPECT_EQ(parse("get " + std::string(get_line_bytes_max, 'x')).kind, Kind::close);
}

}  // namespace
}  // namespace tare::wire
