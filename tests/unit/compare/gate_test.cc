// SPDX-License-Identifier: Apache-2.0
// What a gate makes of verdicts, and how one is read.
#include <gtest/gtest.h>

#include "analysis/compare/summary.h"
#include "tests/refusal.h"
#include "tests/unit/compare/compared.h"

namespace tare {
namespace {

TEST_F(Compared, a_crossed_gate_is_told_before_what_could_not_be_judged) {
    both(Source::ledger, calls, 3, 4);
    runs_.base.count(Source::bpf, calls, 3);
    runs_.head.windows(Source::bpf, calls, Absent{"lost"}, Absent{"lost"});
    EXPECT_EQ(code(), ExitCode::gate_crossed);
    EXPECT_EQ(compare::gate_text(runs_.compared()), "gate crossed by 1 quantity, 1 quantity could not be judged");
}

TEST_F(Compared, an_allowed_increase_may_also_be_unresolved) {
    times({100, 101, 102}, {200, 201, 202});
    const std::string gate =
        "times = {gated = \"cpu_ns\", percent = 3}\nunjudged = {unresolved = \"fail\"}\n"
        "[[allowed]]\nmetric = \"cpu_ns\"\nreason = \"compresses\"\n";
    EXPECT_EQ(code(gate), ExitCode::ok);
    EXPECT_EQ(code(gate + "at_most = 5.0"), ExitCode::gate_crossed);
}

TEST_F(Compared, an_allowed_increase_does_not_cross) {
    both(Source::bpf, calls, 3, 5);
    const std::string whole = "[[allowed]]\nmetric = \"syscalls\"\nreason = \"writes a log\"\n";
    EXPECT_EQ(code(whole), ExitCode::ok);
    EXPECT_EQ(MadeUpComparison::row(runs_.compared(whole), Source::bpf, calls).allowance, "writes a log");
    EXPECT_EQ(code(whole + "at_most = 2.0"), ExitCode::ok);
    EXPECT_EQ(code(whole + "at_most = 1.0"), ExitCode::gate_crossed);
    EXPECT_EQ(code("[[allowed]]\ncell = \"uring/*\"\nreason = \"x\""), ExitCode::gate_crossed);
}

TEST_F(Compared, an_allowed_part_lets_the_total_grow_by_as_much_and_no_further) {
    both(Source::bpf, calls, 3, 4);
    runs_.head.count(Source::bpf, {"syscalls", "fsync"}, 1);
    const std::string gate = "[[allowed]]\ncell = \"epoll/level/*\"\ndetail = \"fsync\"\nreason = \"durable now\"\n";
    EXPECT_EQ(code(gate), ExitCode::ok);
    MadeUpComparison more;
    more.base.count(Source::bpf, calls, 3);
    more.head.count(Source::bpf, calls, 5)
        .count(Source::bpf, {"syscalls", "fsync"}, 1)
        .count(Source::bpf, {"syscalls", "read"}, 1);
    EXPECT_EQ(more.compared(gate).code(), ExitCode::gate_crossed);
}

TEST_F(Compared, an_allowance_that_allows_nothing_is_a_warning) {
    both(Source::bpf, calls, 3, 3);
    const Comparison comparison = runs_.compared("[[allowed]]\nmetric = \"syscalls\"\nreason = \"x\"");
    ASSERT_EQ(comparison.warnings.size(), 1U);
    EXPECT_EQ(comparison.warnings.front(), "gate.toml: allowed[1] allows nothing: no increase matches it");
}

TEST_F(Compared, what_is_not_gated_crosses_nothing) {
    both(Source::bpf, {"context_switches", ""}, 1, 2);
    expect_lockstep(Verdict::worse, {"context_switches", ""});
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code(""), ExitCode::gate_crossed);
}

TEST_F(Compared, a_part_crosses_only_where_the_gate_says_so) {
    both(Source::bpf, calls, 2, 2);
    both(Source::bpf, {"syscalls", "read"}, 2, 1);
    runs_.head.count(Source::bpf, {"syscalls", "recvfrom"}, 1);
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code("counts.parts = true"), ExitCode::gate_crossed);
}

TEST(gate, a_wrong_one_is_refused_with_its_place) {
    const auto refused = [](const std::string& text) {
        return refusal(ExitCode::usage, [&] { compare::parse_gate(text, "my.toml"); });
    };
    EXPECT_NE(refused("colour = 1").find("my.toml:1: unknown key 'colour'"), std::string::npos);
    EXPECT_NE(refused("[[allowed]]\nmetric = \"syscalls\"").find("'reason' is missing"), std::string::npos);
    EXPECT_NE(refused("[[allowed]]\nmetric = \"syscalls\"\nreason = \" \"").find("reason is empty"), std::string::npos);
    EXPECT_NE(refused("[[allowed]]\nreason = \"x\"").find("needs one of cell"), std::string::npos);
    EXPECT_NE(refused("[[allowed]]\nmetric = \"sycalls\"\nreason = \"x\"").find("my.toml:2: 'sycalls' is no metric"),
              std::string::npos);
    EXPECT_NE(refused("[[ungated]]\nmetric = \"sqes\"\nreason = \"x\"\nat_most = 1.0").find("at_most"), std::string::npos);
    EXPECT_NE(refused("[times]\ngated = \"cpu\"\npercent = 5").find("'cpu' is no metric"), std::string::npos);
    EXPECT_NE(refused("[times]\ngated = \"cpu_ns\"\npercent = -1").find("allowed: 0 to 1000"), std::string::npos);
    EXPECT_NE(refused("[unjudged]\nabsent = \"ignore\"").find("allowed: pass, refuse, fail"), std::string::npos);
    EXPECT_NE(refused("[unjudged]\nunstable = \"refuse\"").find("unknown key 'unstable'"), std::string::npos);
    EXPECT_NE(refused("[counts]\nparts = 1").find("allowed: true, false"), std::string::npos);
    refused("[counts");
}

}  // namespace
}  // namespace tare
