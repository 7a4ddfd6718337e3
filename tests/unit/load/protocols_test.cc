// SPDX-License-Identifier: Apache-2.0
// RESP and HTTP as the load generator writes and verifies them, and what a protocol lacks; replies are cut everywhere.
#include "harness/load/protocols/protocol.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/load/protocols/conversation.h"
#include "tests/refusal.h"

namespace tare {
namespace {

constexpr std::uint64_t key_count = 100;

LoadPlan plan_of(ProtocolKind protocol, std::vector<LoadPlan::Share> mix) {
    LoadPlan plan;
    plan.protocol = protocol;
    plan.mix = std::move(mix);
    plan.key_count = key_count;
    return plan;
}

struct Spoken {
    explicit Spoken(const LoadPlan& plan) : pool(plan.value_bytes, 1), protocol(make_protocol(plan, pool)) {}

    std::string request(const DrawnRequest& drawn) const {
        std::string text;
        protocol->append_request(text, drawn);
        return text;
    }
    std::string value(std::uint64_t key, unsigned version = 0) const { return {pool.text(key, version), pool.size_bytes(key)}; }
    // Empty when the text is the whole reply, cut at `cut`; else what is wrong with it.
    std::string complaint(const DrawnRequest& drawn, std::string_view text, std::size_t cut) const {
        ExpectedReply reply;
        protocol->describe_reply(drawn, reply);
        ReplyCursor cursor;
        for (const std::string_view piece : {text.substr(0, cut), text.substr(cut)}) {
            const ReplyCursor before = cursor;
            const auto used = cursor.advance(reply, piece);
            if (!used) return fault_in(before, reply, piece);
            if (*used != piece.size()) return "more than the reply";
        }
        return cursor.complete(reply) ? "" : "less than the reply";
    }
    // Cut at every byte but far inside a run of one letter, where one place in 97 stands for its neighbours; around 64 KiB, where
    // headers become too long, at every byte again.
    std::string complaint_at_any_cut(const DrawnRequest& drawn, std::string_view text) const {
        constexpr std::size_t near = 128;
        constexpr std::size_t longest_headers = 65536;
        std::string first = complaint(drawn, text, 0);
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            const bool at_limit = cut > longest_headers - 2 * near && cut < longest_headers + 2 * near;
            if (cut % 97 != 0 && !at_limit && cut > near && cut + near < text.size()) {
                const std::string_view around = text.substr(cut - near, 2 * near);
                if (around.find_first_not_of(around.front()) == std::string_view::npos) continue;
            }
            EXPECT_EQ(complaint(drawn, text, cut), first) << cut;
        }
        return first;
    }

    ValuePool pool;
    std::unique_ptr<Protocol> protocol;
};

constexpr DrawnRequest get_hit{7, Operation::get_hit};
constexpr DrawnRequest get_miss{7, Operation::get_miss};

TEST(resp_text, requests_are_arrays_of_bulk_strings) {
    const Spoken spoken(plan_of(ProtocolKind::resp, {{Operation::get_hit, 1}, {Operation::set, 1}}));
    EXPECT_EQ(spoken.request(get_hit), "*2\r\n$3\r\nGET\r\n$16\r\nk000000000000007\r\n");
    EXPECT_EQ(spoken.request(get_miss), "*2\r\n$3\r\nGET\r\n$16\r\nm000000000000007\r\n");
    EXPECT_EQ(spoken.request({7, Operation::set, 1}),
              "*3\r\n$3\r\nSET\r\n$16\r\nk000000000000007\r\n$64\r\n" + spoken.value(7, 1) + "\r\n");
}

TEST(resp_text, replies_are_verified_at_any_cut) {
    const Spoken spoken(plan_of(ProtocolKind::resp, {{Operation::get_hit, 1}}));
    const std::string right = "$64\r\n" + spoken.value(7) + "\r\n";
    EXPECT_EQ(spoken.complaint_at_any_cut(get_hit, right), "");
    EXPECT_EQ(spoken.complaint_at_any_cut(get_miss, "$-1\r\n"), "");
    EXPECT_EQ(spoken.complaint_at_any_cut({7, Operation::set, 0}, "+OK\r\n"), "");
    EXPECT_EQ(spoken.complaint(get_hit, "$-1\r\n", 0), "byte 1 of 71 is 0x2d");
    EXPECT_EQ(spoken.complaint({7, Operation::set, 0}, "-OOM command not allowed\r\n", 0), "byte 0 of 5 is 0x2d");
    for (std::size_t wrong = 0; wrong < right.size(); ++wrong) {
        std::string text = right;
        text[wrong] = static_cast<char>(text[wrong] ^ 1);
        EXPECT_NE(spoken.complaint(get_hit, text, right.size() / 2), "") << wrong;
    }
}

TEST(resp_text, beside_sets_a_get_finds_either_version) {
    const Spoken spoken(plan_of(ProtocolKind::resp, {{Operation::get_hit, 1}, {Operation::set, 1}}));
    EXPECT_EQ(spoken.complaint_at_any_cut(get_hit, "$64\r\n" + spoken.value(7, 1) + "\r\n"), "");
}

std::string http_reply(const std::string& status, const std::string& headers, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "\r\n" + body;
}

TEST(http_text, a_body_is_verified_and_headers_may_vary) {
    const Spoken spoken(plan_of(ProtocolKind::http, {{Operation::get_hit, 1}}));
    EXPECT_EQ(spoken.request(get_hit), "GET /k000000000000007 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const std::string body = spoken.value(7);
    const std::string date = "Server: x\r\nDate: Tue, 24 Nov 2026 10:00:00 GMT and a longer line than is kept\r\n";
    EXPECT_EQ(spoken.complaint_at_any_cut(get_hit, http_reply("200 OK", date + "Content-Length: 64\r\n", body)), "");
    EXPECT_EQ(spoken.complaint_at_any_cut(get_hit, http_reply("200 Fine", "content-length:64\r\nETag: \"a\"\r\n", body)), "");
    std::string wrong = body;
    wrong[63] = static_cast<char>(wrong[63] ^ 1);
    EXPECT_NE(spoken.complaint_at_any_cut(get_hit, http_reply("200 OK", "Content-Length: 64\r\n", wrong)).find("byte "),
              std::string::npos);
    EXPECT_EQ(spoken.complaint_at_any_cut(get_hit, http_reply("200 OK", "Content-Length: 64\r\n", body + "x")),
              "more than the reply");
    EXPECT_EQ(spoken.complaint(get_hit, http_reply("404 Not Found", "Content-Length: 64\r\n", body), 0), "byte 9 of 77 is 0x34");
}

TEST(http_text, a_reply_whose_length_is_not_known_is_wrong_and_says_so) {
    const Spoken spoken(plan_of(ProtocolKind::http, {{Operation::get_hit, 1}}));
    const std::string body = spoken.value(7);
    const auto complaint = [&](const std::string& headers) {
        return spoken.complaint_at_any_cut(get_hit, http_reply("200 OK", headers, body));
    };
    EXPECT_EQ(complaint("Server: x\r\n"), "it has no Content-Length");
    EXPECT_EQ(complaint("Transfer-Encoding: chunked\r\n"), "it has a Transfer-Encoding (chunked), no Content-Length");
    EXPECT_EQ(complaint("Content-Length: 63\r\n"), "its Content-Length is not the value's");
    EXPECT_EQ(complaint("Content-Length: 64x\r\n"), "its Content-Length is not one number");
    EXPECT_EQ(complaint("X: " + std::string(70'000, 'x') + "\r\n"), "its headers do not end");
}

TEST(http_text, the_body_of_a_miss_is_passed_over_by_its_length) {
    const Spoken spoken(plan_of(ProtocolKind::http, {{Operation::get_miss, 1}}));
    EXPECT_EQ(spoken.complaint_at_any_cut(get_miss, http_reply("404 Not Found", "Content-Length: 5\r\n", "<p>no")), "");
    EXPECT_EQ(spoken.complaint_at_any_cut(get_miss, http_reply("404 Not Found", "Content-Length: 0\r\n", "")), "");
    EXPECT_EQ(spoken.complaint(get_miss, http_reply("404 Not Found", "Content-Length: 6\r\n", "<p>no"), 30),
              "less than the reply");
}

TEST(protocols, an_operation_that_one_lacks_is_refused_with_what_it_has) {
    const ValuePool pool({64}, 1);
    const auto refused = [&](ProtocolKind protocol, Operation operation) {
        return refusal(ExitCode::usage, [&] { make_protocol(plan_of(protocol, {{operation, 1}}), pool); });
    };
    EXPECT_NE(refused(ProtocolKind::http, Operation::set).find("protocol http has no set; it has: get_hit, get_miss"),
              std::string::npos);
    EXPECT_NE(refused(ProtocolKind::resp, Operation::mget).find("protocol resp has no mget; it has: get_hit, get_miss, set"),
              std::string::npos);
}

TEST(conversation, the_last_set_of_each_key_is_proved_by_its_own_version) {
    const Conversation conversation(Workload{Operation::set, 16, 64, 1}, 4, ProtocolKind::resp);
    const auto proofs = conversation.proof(6);  // keys 0 and 1 in their second version, 2 and 3 in their first
    ASSERT_EQ(proofs.size(), 4U);
    for (std::size_t index = 0; index < proofs.size(); ++index)
        EXPECT_EQ(proofs[index].asked.front().version, index < 2 ? 0 : 1) << index;
    ASSERT_NE(conversation.reply_text(proofs[0]), "");
    EXPECT_NE(conversation.reply_text(conversation.proof(2)[0]), conversation.reply_text(conversation.proof(6)[2]));
}

}  // namespace
}  // namespace tare
