// SPDX-License-Identifier: Apache-2.0
// A file of claims: what is read, and what is refused.
#include "analysis/claims/claim.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "probes/symbols/allocation_entries.h"
#include "tests/refusal.h"

namespace tare {
namespace {

std::string text_of(const std::string& metric, const std::string& rest) {
    return fmt::format(
        "[servers]\nmio = \"epoll/level/as_described\"\n[[claim]]\nid = \"c\"\nsection = \"T\"\nline = 1\nserver = \"mio\"\n"
        "op = \"get_hit\"\ntext = \"n\"\nmetric = \"{}\"\n{}",
        metric, rest);
}

std::string refused(const std::string& metric, const std::string& rest) {
    return refusal(ExitCode::usage, [&] { parse_claims(text_of(metric, rest), "made up"); });
}

Claim claim_of(const std::string& metric, const std::string& rest) {
    return parse_claims(text_of(metric, rest), "made up").claims.front();
}

TEST(claims, a_part_that_nobody_counts_is_refused) {
    const auto with = [](const std::string& part) {
        return fmt::format("class = \"exact\"\nvalue = 1\nparts = {{\"{}\" = 1}}\n", part);
    };
    EXPECT_EQ(refused("syscalls", with("epol_wait")), "made up:13: 'epol_wait' is no part of syscalls");
    for (const auto& [metric, part] :
         {std::pair{"allocations", "epoll_wait"}, std::pair{"data_copies", "input_copy"}, std::pair{"queue_ops", "recv"},
          std::pair{"queue_ops", "sqes receive"}, std::pair{"queue_sqes", "cqes recv"},
          std::pair{"data_copies", "kernel_to_read"}, std::pair{"value_copies", "sqes recv"}})
        EXPECT_NE(refused(metric, with(part)).find("is no part of"), std::string::npos) << metric << " " << part;
}

TEST(claims, a_metric_of_what_is_taken_off_needs_something_taken_off) {
    EXPECT_NE(
        refused("queue_ops", "other_metric = \"queue_sqes\"\nclass = \"bound\"\nvalue = 1\n").find("there is no other server"),
        std::string::npos);
}

TEST(claims, the_parts_of_an_exact_claim_make_its_total) {
    const std::string two = "class = \"exact\"\nvalue = 2\n";
    EXPECT_NE(refused("syscalls", two + "parts = {recvfrom = 1}\n").find("the parts of 'c' make 1, its total is 2"),
              std::string::npos);
    EXPECT_NE(refused("syscalls", two + "inferred = {recvfrom = 3}\n").find("make 3"), std::string::npos);
    EXPECT_EQ(claim_of("syscalls", two + "parts = {recvfrom = [0, 2]}\n").stated_for("get_hit")->at("recvfrom").most, 2);
}

Claim claim_of_server(const std::string& rest) {
    return parse_claims("[[claim]]\nid = \"c\"\nmetric = \"syscalls\"\n" + rest, "made up").claims.front();
}

TEST(claims, need_no_more_than_a_server_a_metric_and_a_number) {
    const Claim claim = claim_of_server("server = \"echo\"\nvalue = 3\n");
    EXPECT_EQ(to_string(claim.variant), "echo");
    EXPECT_EQ(claim.claim_class, ClaimClass::exact);
    EXPECT_EQ(claim.text, "3");
    EXPECT_EQ(claim.where, "made up:1");
    EXPECT_TRUE(claim.ops.empty());
    EXPECT_FALSE(claim.must);
    const Claim bound = claim_of_server("server = \"epoll/ideal\"\nat_most = 3.5\n");
    EXPECT_EQ(to_string(bound.variant), "epoll/level/gathered_reply");
    EXPECT_EQ(bound.claim_class, ClaimClass::bound);
    EXPECT_EQ(bound.text, "at most 3.5");
    EXPECT_EQ(claim_of_server("server = \"echo\"\nat_least = 1\n").text, "at least 1");
    EXPECT_EQ(claim_of_server("server = \"echo\"\nrange = [1, 2]\n").text, "1-2");
    EXPECT_EQ(claim_of_server("server = \"echo\"\nclass = \"amortised\"\nvalue = 1\n").connections, 64U);
}

TEST(claims, a_wrong_one_is_refused_with_its_place_and_what_is_allowed) {
    const auto refused_claim = [](const std::string& rest) { return refusal(ExitCode::usage, [&] { claim_of_server(rest); }); };
    EXPECT_NE(
        refused_claim("server = \"echo\"\n").find("made up:1: a claim has one of value, range, at_most, at_least; this has none"),
        std::string::npos);
    EXPECT_NE(refused_claim("server = \"echo\"\nvalue = 3\nat_most = 4\n").find("this has value, at_most"), std::string::npos);
    EXPECT_NE(refused_claim("server = \"echo\"\nvalu = 3\n").find("made up:5: unknown key 'valu'"), std::string::npos);
    EXPECT_NE(refused_claim("server = \"a/b\"\nvalue = 3\n").find("'a/b' is no server"), std::string::npos);
    EXPECT_NE(refused_claim("server = \"echo\"\nrange = [3, 1]\n").find("a range [least, most]"), std::string::npos);
    EXPECT_NE(refused_claim("server = \"echo\"\nclass = \"exact\"\nrange = [1, 3]\n").find("an exact claim has one number"),
              std::string::npos);
    EXPECT_NE(refused_claim("server = \"echo\"\nclass = \"about\"\nvalue = 3\n").find("allowed: exact, bound, amortised"),
              std::string::npos);
    EXPECT_NE(refusal(ExitCode::usage,
                      [] { parse_claims("[[claim]]\nid = \"c\"\nserver = \"e\"\nmetric = \"sycalls\"\nvalue = 1", "f"); })
                  .find("f:4: 'sycalls' is no metric"),
              std::string::npos);
    EXPECT_NE(refusal(ExitCode::usage, [] { load_claims("/nonexistent/claims.toml"); }).find("no such claims file"),
              std::string::npos);
}

TEST(claims, know_every_function_that_bpf_names_a_part_by) {
    for (const char* const name : allocation_functions) EXPECT_TRUE(is_allocation_function(name)) << name;
    for (const char* const name : {"memcpy", "memmove", "mempcpy", "runtime.memmove"})
        EXPECT_TRUE(is_copy_function(name)) << name;
}

}  // namespace
}  // namespace tare
