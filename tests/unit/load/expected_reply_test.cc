// SPDX-License-Identifier: Apache-2.0
// A reply is verified however its bytes are cut, any wrong byte is found, and what the protocol describes is what its own
// text says.
#include "harness/load/protocols/expected_reply.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "core/wire/request.h"
#include "harness/load/load_client.h"
#include "harness/load/protocols/protocol.h"
#include "tests/refusal.h"

namespace tare {
namespace {

struct Described {
    explicit Described(const LoadPlan& plan_) : plan(plan_), pool(plan.value_bytes, 1), protocol(make_protocol(plan, pool)) {}

    std::string request(const DrawnRequest& drawn) const {
        std::string text;
        protocol->append_request(text, drawn);
        return text;
    }
    std::string value(std::uint64_t key, unsigned version) const { return {pool.text(key, version), pool.size_bytes(key)}; }

    LoadPlan plan;
    ValuePool pool;
    std::unique_ptr<Protocol> protocol;
};

LoadPlan mixed_plan() {
    LoadPlan plan;
    plan.mix = {{Operation::get_hit, 1}, {Operation::set, 1}};
    plan.key_count = 100;
    plan.value_bytes = {5, 0, 64};
    return plan;
}

std::string text_of_get(const Described& described, std::uint64_t key, unsigned version) {
    const std::string value = described.value(key, version);
    return fmt::format("VALUE k{:015} 0 {}\r\n{}\r\n", key, value.size(), value);
}

// Whether the text is the reply to `drawn`, read in pieces that end at `cuts`.
bool accepts(const Described& described, const DrawnRequest& drawn, std::string_view text, const std::vector<std::size_t>& cuts) {
    ReplyCursor cursor;
    std::size_t begin = 0;
    for (std::size_t index = 0; index <= cuts.size(); ++index) {
        const std::size_t end = index < cuts.size() ? cuts[index] : text.size();
        ExpectedReply reply;  // anew for each piece, as with a shared one that served others in between
        described.protocol->describe_reply(drawn, reply);
        const std::string piece(text.substr(begin, end - begin));  // not in one piece of memory with the rest
        const auto used = cursor.advance(reply, piece);
        if (!used) return false;
        EXPECT_EQ(*used, piece.size());
        if (end == text.size()) return cursor.complete(reply);
        begin = end;
    }
    return false;
}

TEST(expected_reply, a_get_is_verified_over_every_two_cuts) {
    const Described described(mixed_plan());
    for (const std::uint64_t key : {3U, 4U, 5U}) {
        for (const unsigned version : {0U, 1U}) {
            const std::string text = text_of_get(described, key, version) + "END\r\n";
            for (std::size_t first = 0; first < text.size(); ++first)
                for (std::size_t second = first; second < text.size(); ++second)
                    ASSERT_TRUE(accepts(described, {key, Operation::get_hit}, text, {first, second})) << first << ' ' << second;
        }
    }
}

TEST(expected_reply, any_wrong_byte_is_found_over_every_cut) {
    const Described described(mixed_plan());
    const std::string right = text_of_get(described, 3, 1) + "END\r\n";
    for (std::size_t wrong = 0; wrong < right.size(); ++wrong) {
        std::string text = right;
        text[wrong] = static_cast<char>(text[wrong] ^ 0x20);
        for (std::size_t cut = 0; cut < text.size(); ++cut)
            ASSERT_FALSE(accepts(described, {3, Operation::get_hit}, text, {cut})) << wrong << ' ' << cut;
    }
}

TEST(expected_reply, a_value_of_two_versions_mixed_is_found_over_every_cut) {
    LoadPlan plan = mixed_plan();
    plan.value_bytes = {64};
    const Described described(plan);
    const std::string half = described.value(3, 0).substr(0, 32) + described.value(3, 1).substr(32);
    const std::string text = fmt::format("VALUE k{:015} 0 64\r\n{}\r\nEND\r\n", 3, half);
    for (std::size_t cut = 0; cut < text.size(); ++cut)
        ASSERT_FALSE(accepts(described, {3, Operation::get_hit}, text, {cut})) << cut;
}

TEST(expected_reply, without_sets_only_the_first_version_is_right) {
    LoadPlan plan = mixed_plan();
    plan.mix = {{Operation::get_hit, 1}};
    const Described described(plan);
    EXPECT_TRUE(accepts(described, {5, Operation::get_hit}, text_of_get(described, 5, 0) + "END\r\n", {}));
    EXPECT_FALSE(accepts(described, {5, Operation::get_hit}, text_of_get(described, 5, 1) + "END\r\n", {}));
}

TEST(expected_reply, an_mget_has_each_value_in_either_version) {
    const Described described(mixed_plan());
    std::string text;
    for (std::uint64_t next = 0; next < 10; ++next) text += text_of_get(described, (95 + next) % 100, next % 2);
    text += "END\r\n";
    for (std::size_t cut = 0; cut < text.size(); ++cut) ASSERT_TRUE(accepts(described, {95, Operation::mget}, text, {cut}));
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
    for (std::size_t cut = 0; cut < text.size(); ++cut) ASSERT_FALSE(accepts(described, {95, Operation::mget}, text, {cut}));
}

TEST(expected_reply, a_shorter_reply_is_not_complete_and_more_is_not_taken) {
    const Described described(mixed_plan());
    ExpectedReply reply;
    described.protocol->describe_reply({1, Operation::set}, reply);
    ReplyCursor cursor;
    EXPECT_EQ(cursor.advance(reply, "STORED\r"), 7U);
    EXPECT_FALSE(cursor.complete(reply));
    EXPECT_EQ(cursor.advance(reply, "\nSTORED\r\n"), 1U);
    EXPECT_TRUE(cursor.complete(reply));
}

TEST(memcached_text, requests_are_what_the_parser_reads) {
    const Described described(mixed_plan());
    const std::string set = described.request({47, Operation::set, 1});
    const wire::Parsed parsed = wire::parse(set);
    EXPECT_EQ(parsed.kind, wire::Kind::set);
    EXPECT_EQ(parsed.key, "k000000000000047");
    EXPECT_EQ(parsed.value, described.value(47, 1));
    EXPECT_EQ(parsed.consumed_bytes, set.size());
    EXPECT_FALSE(parsed.noreply);
    const std::string silent = described.request({47, Operation::set_noreply, 0});
    EXPECT_TRUE(wire::parse(silent).noreply);
    EXPECT_EQ(described.request({99, Operation::get_hit}), "get k000000000000099\r\n");
    EXPECT_EQ(described.request({0, Operation::get_miss}), "get m000000000000000\r\n");
    const std::string mget = described.request({95, Operation::mget});
    EXPECT_EQ(mget.substr(0, 37), "get k000000000000095 k000000000000096");
    EXPECT_TRUE(mget.ends_with(" k000000000000003 k000000000000004\r\n"));
}

TEST(memcached_text, the_two_versions_of_a_value_differ) {
    const Described described(mixed_plan());
    for (std::uint64_t key = 2; key < 100; key += 3) EXPECT_NE(described.value(key, 0), described.value(key, 1));
}

TEST(memcached_text, what_it_cannot_do_is_refused) {
    LoadPlan plan;
    const ValuePool pool(plan.value_bytes, 1);
    plan.key_bytes = 3;
    EXPECT_NE(refusal(ExitCode::usage, [&] { make_protocol(plan, pool); }).find("too short"), std::string::npos);
    plan.key_bytes = 251;
    EXPECT_NE(refusal(ExitCode::usage, [&] { make_protocol(plan, pool); }).find("250"), std::string::npos);
    plan = {};
    plan.mix = {{Operation::delete_hit, 1}};
    EXPECT_NE(refusal(ExitCode::usage, [&] { LoadClient client(plan); }).find("delete"), std::string::npos);
}

TEST(expected_reply, a_reply_that_is_whole_and_right_is_known_at_one_look_and_no_other) {
    const Described described(mixed_plan());
    for (const std::uint64_t key : {0U, 1U, 2U, 99U}) {
        ExpectedReply reply;
        described.protocol->describe_reply({key, Operation::get_hit}, reply);
        for (const unsigned version : {0U, 1U}) {
            const std::string text = text_of_get(described, key, version) + "END\r\n";
            EXPECT_EQ(reply.whole_in(text), text.size());
            EXPECT_EQ(reply.whole_in(text + "VALUE"), text.size());
            for (std::size_t size = 0; size < text.size(); ++size) {
                EXPECT_EQ(reply.whole_in(std::string_view(text).substr(0, size)), 0U) << size;
                std::string wrong = text;
                wrong[size] = static_cast<char>(wrong[size] ^ 0x40);
                EXPECT_EQ(reply.whole_in(wrong), 0U) << size;
            }
        }
    }
}

TEST(expected_reply, what_is_not_known_to_the_byte_is_never_known_at_one_look) {
    ExpectedReply reply;
    reply.add("HTTP/1.1 200");
    reply.add_headers(0);
    EXPECT_EQ(reply.whole_in("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), 0U);
    EXPECT_EQ(ExpectedReply().whole_in("END\r\n"), 0U);
}

}  // namespace
}  // namespace tare
