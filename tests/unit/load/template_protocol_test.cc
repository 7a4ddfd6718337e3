// SPDX-License-Identifier: Apache-2.0
// A protocol that a suite describes writes requests and finds the end of replies as it says, wherever the reads are cut.
#include "harness/load/protocols/template_protocol.h"

#include <gtest/gtest.h>

#include "harness/load/protocols/conversation.h"
#include "tests/refusal.h"

namespace tare {
namespace {

TemplateOperation operation(const std::string& request, ReplyRule reply) {
    return {"ask", TemplateText(request), std::move(reply)};
}

ReplyRule exact(const std::string& text) { return {ReplyRule::Kind::exact, TemplateText(text)}; }

ReplyRule until(const std::string& delimiter, const std::string& begins = "", std::uint64_t bytes_max = 100) {
    ReplyRule rule{ReplyRule::Kind::until, TemplateText(begins)};
    set_delimiter(rule, delimiter);
    rule.bytes_max = bytes_max;
    return rule;
}

ReplyRule length(std::size_t at, NumberFormat format, std::int64_t added) {
    ReplyRule rule{ReplyRule::Kind::length};
    rule.length_at = at;
    rule.length_format = format;
    rule.length_added = added;
    rule.bytes_max = 1000;
    return rule;
}

struct Spoken {
    explicit Spoken(const TemplateOperation& asked) : pool({64}, 1, true) {
        LoadPlan plan;
        plan.protocol = SpokenProtocol(std::make_shared<const ProtocolTemplate>(ProtocolTemplate{"mine", {asked}}));
        plan.mix = {{own_operation(0), 1}};
        plan.key_count = 100;
        protocol = make_protocol(plan, pool);
    }

    std::string request() const {
        std::string text;
        protocol->append_request(text, drawn);
        return text;
    }
    std::string value() const { return {pool.text(drawn.key, drawn.version), 64}; }
    // Empty when the text is the whole reply, cut at `cut`; else what is wrong with it.
    std::string complaint(std::string_view text, std::size_t cut) const {
        ExpectedReply reply;
        protocol->describe_reply(drawn, reply);
        ReplyCursor cursor;
        for (const std::string_view piece : {text.substr(0, cut), text.substr(cut)}) {
            if (piece.empty()) continue;
            const ReplyCursor before = cursor;
            const auto used = cursor.advance(reply, piece);
            if (!used) return fault_in(before, reply, piece);
            if (*used != piece.size()) return "more than the reply";
        }
        return cursor.complete(reply) ? "" : "less than the reply";
    }
    std::string complaint_at_any_cut(std::string_view text) const {
        std::string first = complaint(text, 0);
        for (std::size_t cut = 1; cut < text.size(); ++cut) EXPECT_EQ(complaint(text, cut), first) << cut;
        return first;
    }

    DrawnRequest drawn{7, own_operation(0), 1};
    ValuePool pool;
    std::unique_ptr<Protocol> protocol;
};

TEST(template_protocol, a_request_has_its_placeholders_filled_in) {
    const Spoken spoken(operation("set {key} {value_bytes} {n}\\r\\n{value}\\x00{{}}", exact("OK")));
    EXPECT_EQ(spoken.request(), "set k000000000000007 64 7\r\n" + spoken.value() + std::string(1, '\0') + "{}");
}

TEST(template_protocol, numbers_are_written_as_bytes_where_it_says_so) {
    const Spoken spoken(operation("{rest_bytes:u32be}{value_bytes:u16le}{n:u8}{n:u64be}abc", exact("OK")));
    EXPECT_EQ(spoken.request(), std::string("\0\0\0\x0e\x40\0\x07\0\0\0\0\0\0\0\x07"
                                            "abc",
                                            18));
}

TEST(template_protocol, a_number_that_does_not_fit_is_refused) {
    const ValuePool pool({70'000}, 1, true);
    LoadPlan plan;
    plan.value_bytes = {70'000};
    plan.protocol = SpokenProtocol(std::make_shared<const ProtocolTemplate>(
        ProtocolTemplate{"mine", {operation("{value_bytes:u16be}{value}", exact("OK"))}}));
    plan.mix = {{own_operation(0), 1}};
    EXPECT_EQ(refusal(ExitCode::usage, [&] { make_protocol(plan, pool); }),
              "protocol mine, ask: 70000 does not fit into 2 bytes");
}

TEST(template_protocol, an_exact_reply_is_verified_to_its_last_byte) {
    const Spoken spoken(operation("x", exact("VALUE {key} {value}\\n")));
    const std::string right = "VALUE k000000000000007 " + spoken.value() + "\n";
    EXPECT_EQ(spoken.complaint_at_any_cut(right), "");
    for (std::size_t wrong = 0; wrong < right.size(); ++wrong) {
        std::string text = right;
        text[wrong] = static_cast<char>(text[wrong] ^ 1);
        EXPECT_NE(spoken.complaint(text, right.size() / 2), "") << wrong;
    }
}

TEST(template_protocol, a_reply_ends_with_its_delimiter_whatever_came_half_before_it) {
    const Spoken spoken(operation("x", until("\r\n\r\n")));
    EXPECT_EQ(spoken.complaint_at_any_cut("a\r\nb\r\n\r\n"), "");
    EXPECT_EQ(spoken.complaint_at_any_cut("\r\r\n\r\n"), "");
    EXPECT_EQ(spoken.complaint_at_any_cut("a\r\n\r\nb"), "more than the reply");
    EXPECT_EQ(spoken.complaint_at_any_cut("a\r\n\r"), "less than the reply");
    const Spoken repeating(operation("x", until("aab")));
    EXPECT_EQ(repeating.complaint_at_any_cut("aaab"), "");
    EXPECT_EQ(repeating.complaint_at_any_cut("aacaab"), "");
}

TEST(template_protocol, what_a_reply_begins_with_is_verified) {
    const Spoken spoken(operation("x", until("\n", "+{n} ")));
    EXPECT_EQ(spoken.complaint_at_any_cut("+7 whatever\n"), "");
    EXPECT_EQ(spoken.complaint("-7 error\n", 0), "byte 0 of 3 is 0x2d");
}

TEST(template_protocol, a_reply_that_does_not_end_is_wrong) {
    const Spoken spoken(operation("x", until("\n", "", 100)));
    const std::string longest = std::string(99, 'x').append("\n");
    EXPECT_EQ(spoken.complaint(longest, 0), "");
    EXPECT_EQ(spoken.complaint(std::string(1, 'x').append(longest), 0), "it has more bytes than a reply may have");
    EXPECT_EQ(spoken.complaint(std::string(101, 'x'), 50), "it has more bytes than a reply may have");
}

TEST(template_protocol, a_length_in_the_reply_says_where_it_ends) {
    const Spoken big(operation("x", length(1, {2, true}, 3)));
    EXPECT_EQ(big.complaint_at_any_cut(std::string("R\0\x05hello", 8)), "");
    EXPECT_EQ(big.complaint_at_any_cut(std::string("R\0\x00", 3)), "");
    EXPECT_EQ(big.complaint_at_any_cut(std::string("R\0\x05hello!", 9)), "more than the reply");
    EXPECT_EQ(big.complaint(std::string("R\x7f\xff", 3), 0), "the length in it is more than a reply may have");
    const Spoken little(operation("x", length(0, {4, false}, 0)));
    EXPECT_EQ(little.complaint_at_any_cut(std::string("\x06\0\0\0ab", 6)), "");
    EXPECT_EQ(little.complaint(std::string("\x03\0\0\0", 4), 0), "the length in it ends before the length does");
    const Spoken eight(operation("x", length(0, {8, true}, 0)));
    EXPECT_EQ(eight.complaint(std::string(8, '\xff'), 0), "the length in it is more than a reply may have");
}

TEST(template_protocol, an_http_reply_has_its_status_length_and_body) {
    ReplyRule rule{ReplyRule::Kind::http, TemplateText("{value}")};
    rule.http_status = 201;
    const Spoken spoken(operation("x", rule));
    const std::string head = "HTTP/1.1 201 Created\r\nContent-Length: 64\r\n\r\n";
    EXPECT_EQ(spoken.complaint_at_any_cut(head + spoken.value()), "");
    EXPECT_NE(spoken.complaint(head + std::string(64, '-'), 0), "");
    rule.text = {};
    rule.bytes_max = 50;
    const Spoken any(operation("x", rule));
    EXPECT_EQ(any.complaint_at_any_cut("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello"), "");
    EXPECT_EQ(any.complaint(head, 0), "its Content-Length is more than a reply may have");
}

TEST(template_protocol, a_datagram_is_a_whole_reply) {
    const Spoken spoken(operation("x", {ReplyRule::Kind::datagram, TemplateText("{n:u16be}")}));
    EXPECT_EQ(spoken.complaint(std::string("\0\x07rest", 6), 0), "");
    EXPECT_EQ(spoken.complaint(std::string("\0\x07", 2), 0), "");
    EXPECT_EQ(spoken.complaint(std::string("\0\x08rest", 6), 0), "byte 1 of 2 is 0x08");
}

TEST(template_protocol, what_an_operation_finds_is_stored_and_what_it_stores_is_proved) {
    const auto protocol = std::make_shared<ProtocolTemplate>();
    protocol->name = "mine";
    protocol->operations = {{"get", TemplateText("g{n}"), exact("{value}")}, {"put", TemplateText("p{n}{value}"), exact("+")}};
    protocol->operations[0].preparation = 1;
    protocol->operations[1].proof = 0;
    const Conversation gets({own_operation(0), 16, 64, 1}, 4, SpokenProtocol(protocol));
    ASSERT_EQ(gets.preparation().size(), 4U);
    EXPECT_EQ(gets.preparation()[2].request.substr(0, 2), "p2");
    EXPECT_TRUE(gets.proof(4).empty());
    const Conversation puts({own_operation(1), 16, 64, 1}, 4, SpokenProtocol(protocol));
    EXPECT_TRUE(puts.preparation().empty());
    EXPECT_NE(puts.at(1).request, puts.at(5).request);  // another value of the same key
    const std::vector<Exchange> proof = puts.proof(6);
    ASSERT_EQ(proof.size(), 4U);
    EXPECT_EQ(proof.back().request, "g1");
    EXPECT_EQ("p1" + puts.reply_text(proof.back()), puts.at(5).request);
}

}  // namespace
}  // namespace tare
