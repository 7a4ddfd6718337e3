// SPDX-License-Identifier: Apache-2.0
// The verdict on a count in lockstep, window against window.
#include <gtest/gtest.h>

#include <array>

#include "analysis/compare/summary.h"
#include "tests/unit/compare/compared.h"

namespace tare {
namespace {

TEST_F(Compared, the_same_count_is_same) {
    both(Source::bpf, calls, 3, 3);
    const ComparedRow row = judged(Source::bpf, calls);
    EXPECT_EQ(row.verdict, Verdict::same);
    EXPECT_TRUE(row.exact);
    EXPECT_EQ(row.base, 3.0);
    EXPECT_EQ(compare::change_text(row), "0");
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, one_more_is_worse_and_crosses_the_gate_with_its_part_named) {
    both(Source::bpf, calls, 3, 4);
    runs_.base.count(Source::bpf, {"syscalls", "read"}, 3);
    runs_.head.count(Source::bpf, {"syscalls", "read"}, 3).count(Source::bpf, {"syscalls", "getppid"}, 1);
    const Comparison comparison = runs_.compared();
    const ComparedRow& row = MadeUpComparison::row(comparison, Source::bpf, calls);
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_EQ(row.outcome, Outcome::crossed);
    EXPECT_EQ(compare::parts_text(comparison, row), "getppid 0 -> 1");
    EXPECT_EQ(compare::change_text(row), "+1 (+33.3 %)");
    EXPECT_EQ(comparison.code(), ExitCode::gate_crossed);
    EXPECT_EQ(comparison.count(Outcome::crossed), 1U);
}

TEST_F(Compared, one_less_is_better) {
    both(Source::bpf, calls, 3, 2);
    expect_lockstep(Verdict::better);
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, a_metric_without_a_better_has_changed) {
    both(Source::bpf, {"kernel_copied_bytes", ""}, 30, 31);
    expect_lockstep(Verdict::changed, {"kernel_copied_bytes", ""});
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, more_of_a_counter_that_the_suite_names_is_worse) {
    for (auto* const run : {&runs_.base, &runs_.head}) run->environment["counters"] = {{"locks", {{"functions", {"lock"}}}}};
    both(Source::bpf, {"locks", ""}, 1, 2);
    expect_lockstep(Verdict::worse, {"locks", ""});
    EXPECT_EQ(code(), ExitCode::gate_crossed);
}

TEST_F(Compared, a_count_that_is_no_multiple_and_overlaps_is_unresolved_and_the_gate_says_what_that_means) {
    runs_.base.windows(Source::bpf, calls, 300U, 601U);
    runs_.head.windows(Source::bpf, calls, 301U, 600U);
    expect_lockstep(Verdict::unresolved);
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(compare::gate_text(runs_.compared()), "gate passed, 1 quantity unresolved");
    EXPECT_EQ(code("unjudged.unresolved = \"refuse\""), ExitCode::cannot_measure);
    EXPECT_EQ(code("unjudged.unresolved = \"fail\""), ExitCode::gate_crossed);
    EXPECT_EQ(compare::gate_text(runs_.compared("unjudged.unresolved = \"fail\"")),
              "gate failed by 1 quantity that could not be judged");
}

// Requests of the windows 100 and 200; the counts are per request.
TEST_F(Compared, one_window_above_an_exact_base_is_worse_and_better_needs_them_all) {
    const auto judged_windows = [](std::array<std::uint64_t, 2> base, std::array<std::uint64_t, 2> head) {
        MadeUpComparison runs;
        runs.base.windows(Source::bpf, calls, base[0] * 100, base[1] * 200);
        runs.head.windows(Source::bpf, calls, head[0] * 100, head[1] * 200);
        return std::string(name_of(MadeUpComparison::row(runs.compared(), Source::bpf, calls).verdict));
    };
    EXPECT_EQ(judged_windows({6, 6}, {6, 100}), "worse");
    EXPECT_EQ(judged_windows({6, 6}, {100, 6}), "worse");
    EXPECT_EQ(judged_windows({6, 6}, {1, 7}), "worse");
    EXPECT_EQ(judged_windows({6, 6}, {6, 5}), "not worse");
    EXPECT_EQ(judged_windows({6, 6}, {5, 4}), "better");
    // What a base did that varied, it may do again.
    EXPECT_EQ(judged_windows({6, 100}, {6, 6}), "not worse");
    EXPECT_EQ(judged_windows({6, 100}, {5, 5}), "better");
    EXPECT_EQ(judged_windows({6, 100}, {50, 50}), "unresolved");
    EXPECT_EQ(judged_windows({6, 100}, {100, 100}), "unresolved");
    EXPECT_EQ(judged_windows({6, 100}, {101, 101}), "worse");
    EXPECT_EQ(judged_windows({6, 100}, {6, 100}), "same");
    EXPECT_EQ(judged_windows({6, 100}, {100, 6}), "unresolved");
    EXPECT_EQ(judged_windows({6, 100}, {4, 5}), "unresolved");
    EXPECT_EQ(judged_windows({6, 7}, {20, 22}), "worse");
}

// 0 of 100 and 1 of 200: no window has a whole one for each request, and the sum of all has.
TEST_F(Compared, one_event_in_one_window_is_worse_and_its_figure_is_of_all_windows) {
    both(Source::bpf, calls, 3, 3);
    runs_.base.windows(Source::bpf, {"allocations", ""}, 0U, 0U);
    runs_.head.windows(Source::bpf, {"allocations", ""}, 0U, 1U);
    const ComparedRow row = judged(Source::bpf, {"allocations", ""});
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_NEAR(*row.head, 1.0 / 300, 1e-12);
    EXPECT_NEAR(*row.difference, 1.0 / 300, 1e-12);
    EXPECT_EQ(row.certain_one_in, 300U);
    EXPECT_EQ(code(), ExitCode::gate_crossed);
}

TEST_F(Compared, a_metric_without_a_better_that_was_exact_has_changed_with_any_window) {
    runs_.base.windows(Source::bpf, {"sent_bytes", ""}, 600U, 1200U);
    runs_.head.windows(Source::bpf, {"sent_bytes", ""}, 600U, 1199U);
    expect_lockstep(Verdict::changed, {"sent_bytes", ""});
}

TEST_F(Compared, a_count_that_varies_far_above_an_exact_one_is_worse) {
    runs_.base.windows(Source::bpf, calls, 300U, 600U);
    runs_.head.windows(Source::bpf, calls, 301U, 603U);
    const ComparedRow row = judged(Source::bpf, calls);
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_EQ(row.notes.size(), 1U);
    EXPECT_EQ(code(), ExitCode::gate_crossed);
}

TEST_F(Compared, two_counts_that_vary_must_lie_apart) {
    runs_.base.windows(Source::bpf, calls, 300U, 602U);
    runs_.head.windows(Source::bpf, calls, 302U, 606U);
    expect_lockstep(Verdict::unresolved);
    MadeUpComparison apart;
    apart.base.windows(Source::bpf, calls, 300U, 602U);
    apart.head.windows(Source::bpf, calls, 400U, 802U);
    EXPECT_EQ(MadeUpComparison::row(apart.compared(), Source::bpf, calls).verdict, Verdict::worse);
}

// Of two runs of one server, with values that the socket cuts where it likes.
TEST_F(Compared, windows_of_one_run_are_nearer_to_each_other_than_to_another_run) {
    const Quantity bytes{"allocated_bytes", ""};
    runs_.base.windows(Source::bpf, bytes, 19'664'252U, 39'327'126U);
    runs_.head.windows(Source::bpf, bytes, 19'660'542U, 39'320'978U);
    expect_lockstep(Verdict::unresolved, bytes);
}

TEST_F(Compared, a_preemption_that_came_is_no_change_of_the_server) {
    const Quantity preempted{"context_switches", "preempted"};
    both(Source::bpf, {"context_switches", ""}, 1, 1);
    runs_.base.windows(Source::bpf, preempted, 0U, 0U);
    runs_.head.windows(Source::bpf, preempted, 1U, 2U);
    EXPECT_EQ(judged(Source::bpf, preempted).verdict, Verdict::unresolved);
}

TEST_F(Compared, context_switches_are_not_exact_where_they_happen_to_be_whole) {
    const Quantity switches{"context_switches", ""};
    runs_.base.windows(Source::bpf, switches, 100U, 200U);
    runs_.head.windows(Source::bpf, switches, 101U, 204U);
    expect_lockstep(Verdict::unresolved, switches);
}

}  // namespace
}  // namespace tare
