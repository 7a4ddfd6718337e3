// SPDX-License-Identifier: Apache-2.0
// Each verdict of `tare compare` on rows made up for it, exact and measured, and what the gate makes of them.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/compare/wording.h"
#include "tests/refusal.h"
#include "tests/unit/made_up_comparison.h"

namespace tare {
namespace {

using compare::ComparedRow;
using compare::Comparison;
using compare::Outcome;
using compare::Verdict;

const Quantity calls{"syscalls", ""};
const Quantity cpu{"cpu_ns", ""};

class Compared : public testing::Test {
protected:
    Compared() {
        // Something that both runs have whatever a test is about.
        both("client", {"requests_sent", ""}, 1, 1);
    }
    void both(const std::string& source, const Quantity& quantity, std::uint64_t base, std::uint64_t head) {
        runs_.base.count(source, quantity, base);
        runs_.head.count(source, quantity, head);
    }
    void times(const std::vector<std::uint64_t>& base, const std::vector<std::uint64_t>& head, const Quantity& quantity = cpu) {
        runs_.base.times("rusage", quantity, base);
        runs_.head.times("rusage", quantity, head);
    }
    ComparedRow judged(const std::string& source, const Quantity& quantity) const {
        return MadeUpComparison::row(runs_.compared(), source, quantity);
    }
    void expect_lockstep(Verdict verdict, const Quantity& quantity = calls) const {
        EXPECT_EQ(name_of(judged("bpf", quantity).verdict), name_of(verdict));
    }
    ExitCode code(const std::string& gate) const { return runs_.compared(gate).code(); }
    ExitCode code() const { return runs_.compared().code(); }

    MadeUpComparison runs_;
};

TEST_F(Compared, the_same_count_is_same) {
    both("bpf", calls, 3, 3);
    const ComparedRow row = judged("bpf", calls);
    EXPECT_EQ(row.verdict, Verdict::same);
    EXPECT_TRUE(row.exact);
    EXPECT_EQ(row.base, 3.0);
    EXPECT_EQ(compare::change_text(row), "0");
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, a_call_site_is_its_function_wherever_its_lines_moved) {
    const auto sites = [](MadeUpFolder& run, const std::vector<std::string>& names) {
        run.count("bpf", {"allocation_sites", ""}, 2 * names.size());
        for (const std::string& name : names) run.count("bpf", {"allocation_sites", name}, 2);
    };
    sites(runs_.base, {"app::work (app/work.cc:12)", "app::twice (app/work.cc:20)", "app::twice (app/work.cc:21)",
                       "[unknown] (libx.so.1+0x40)", "(anonymous namespace)::g (app+0x12)"});
    sites(runs_.head, {"app::work (app/work.cc:15)", "app::twice (app/moved.cc:2)", "app::twice (app/moved.cc:3)",
                       "[unknown] (libx.so.1+0x60)", "(anonymous namespace)::g (app/g.cc:1)"});
    for (const char* const detail : {"app::work (app/work.cc:15)", "app::twice (2 places)", "[unknown] (libx.so.1+0x60)",
                                     "(anonymous namespace)::g (app/g.cc:1)"})
        EXPECT_EQ(judged("bpf", {"allocation_sites", detail}).verdict, Verdict::same) << detail;
    EXPECT_EQ(judged("bpf", {"allocation_sites", "app::twice (2 places)"}).head, 4.0);
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, a_call_site_of_another_function_is_another) {
    runs_.base.count("bpf", {"syscall_sites", ""}, 3).count("bpf", {"syscall_sites", "read: app::work (app/work.cc:12)"}, 3);
    runs_.head.count("bpf", {"syscall_sites", ""}, 3).count("bpf", {"syscall_sites", "read: app::other (app/work.cc:12)"}, 3);
    EXPECT_EQ(judged("bpf", {"syscall_sites", "read: app::work (app/work.cc:12)"}).head, 0.0);
    EXPECT_EQ(judged("bpf", {"syscall_sites", "read: app::other (app/work.cc:12)"}).base, 0.0);
}

TEST_F(Compared, one_more_is_worse_and_crosses_the_gate_with_its_part_named) {
    both("bpf", calls, 3, 4);
    runs_.base.count("bpf", {"syscalls", "read"}, 3);
    runs_.head.count("bpf", {"syscalls", "read"}, 3).count("bpf", {"syscalls", "getppid"}, 1);
    const Comparison comparison = runs_.compared();
    const ComparedRow& row = MadeUpComparison::row(comparison, "bpf", calls);
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_EQ(row.outcome, Outcome::crossed);
    EXPECT_EQ(compare::parts_text(comparison, row), "getppid 0 -> 1");
    EXPECT_EQ(compare::change_text(row), "+1 (+33.3 %)");
    EXPECT_EQ(comparison.code(), ExitCode::gate_crossed);
    EXPECT_EQ(comparison.count(Outcome::crossed), 1U);
}

TEST_F(Compared, one_less_is_better) {
    both("bpf", calls, 3, 2);
    expect_lockstep(Verdict::better);
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, a_metric_without_a_better_has_changed) {
    both("bpf", {"kernel_copied_bytes", ""}, 30, 31);
    both("bpf", {"a_metric_of_tomorrow", ""}, 1, 2);
    expect_lockstep(Verdict::changed, {"kernel_copied_bytes", ""});
    expect_lockstep(Verdict::changed, {"a_metric_of_tomorrow", ""});
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, a_count_that_is_no_multiple_and_overlaps_is_unstable) {
    runs_.base.windows("bpf", calls, 300U, 601U);
    runs_.head.windows("bpf", calls, 301U, 600U);
    expect_lockstep(Verdict::unstable);
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code("unjudged.unstable = \"refuse\""), ExitCode::cannot_measure);
}

TEST_F(Compared, a_count_that_varies_far_above_an_exact_one_is_worse) {
    runs_.base.windows("bpf", calls, 300U, 600U);
    runs_.head.windows("bpf", calls, 301U, 603U);
    const ComparedRow row = judged("bpf", calls);
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_EQ(row.notes.size(), 1U);
    EXPECT_EQ(code(), ExitCode::gate_crossed);
}

TEST_F(Compared, two_counts_that_vary_must_lie_apart) {
    runs_.base.windows("bpf", calls, 300U, 602U);
    runs_.head.windows("bpf", calls, 302U, 606U);
    expect_lockstep(Verdict::unstable);
    MadeUpComparison apart;
    apart.base.windows("bpf", calls, 300U, 602U);
    apart.head.windows("bpf", calls, 400U, 802U);
    EXPECT_EQ(MadeUpComparison::row(apart.compared(), "bpf", calls).verdict, Verdict::worse);
}

// Of two runs of one server, with values that the socket cuts where it likes.
TEST_F(Compared, windows_of_one_run_are_nearer_to_each_other_than_to_another_run) {
    const Quantity bytes{"allocated_bytes", ""};
    runs_.base.windows("bpf", bytes, 19'664'252U, 39'327'126U);
    runs_.head.windows("bpf", bytes, 19'660'542U, 39'320'978U);
    expect_lockstep(Verdict::unstable, bytes);
}

TEST_F(Compared, a_preemption_that_came_is_no_change_of_the_server) {
    const Quantity preempted{"context_switches", "preempted"};
    both("bpf", {"context_switches", ""}, 1, 1);
    runs_.base.windows("bpf", preempted, 0U, 0U);
    runs_.head.windows("bpf", preempted, 1U, 2U);
    EXPECT_EQ(judged("bpf", preempted).verdict, Verdict::unstable);
}

TEST_F(Compared, context_switches_are_not_exact_where_they_happen_to_be_whole) {
    const Quantity switches{"context_switches", ""};
    runs_.base.windows("bpf", switches, 100U, 200U);
    runs_.head.windows("bpf", switches, 101U, 204U);
    expect_lockstep(Verdict::unstable, switches);
}

TEST_F(Compared, absent_is_no_change_and_never_crosses) {
    both("ledger", calls, 3, 3);
    runs_.base.count("bpf", calls, 3).count("bpf", {"syscalls", "read"}, 3);
    runs_.head.windows("bpf", calls, Absent{"no permission"}, Absent{"no permission"});
    const ComparedRow row = judged("bpf", calls);
    EXPECT_EQ(row.verdict, Verdict::absent);
    EXPECT_EQ(row.reason, "head: no permission");
    EXPECT_FALSE(row.difference);
    EXPECT_FALSE(row.head);
    EXPECT_EQ(row.base, 3.0);
    EXPECT_EQ(judged("bpf", {"syscalls", "read"}).verdict, Verdict::absent);
    EXPECT_EQ(code(), ExitCode::cannot_measure);
    EXPECT_EQ(code("unjudged.absent = \"pass\""), ExitCode::ok);
}

TEST_F(Compared, what_is_absent_on_both_sides_passes_unless_it_is_required) {
    both("ledger", calls, 3, 3);
    for (MadeUpFolder* const run : {&runs_.base, &runs_.head}) run->windows("bpf", calls, Absent{"no BPF"}, Absent{"no BPF"});
    expect_lockstep(Verdict::absent);
    EXPECT_EQ(judged("bpf", calls).reason, "both: no BPF");
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code("required_sources = \"bpf\""), ExitCode::cannot_measure);
}

TEST_F(Compared, a_crossed_gate_is_told_before_what_could_not_be_judged) {
    both("ledger", calls, 3, 4);
    runs_.base.count("bpf", calls, 3);
    runs_.head.windows("bpf", calls, Absent{"lost"}, Absent{"lost"});
    EXPECT_EQ(code(), ExitCode::gate_crossed);
    EXPECT_EQ(compare::gate_text(runs_.compared()), "gate crossed by 1 quantity, 1 quantity could not be judged");
}

TEST_F(Compared, only_in_one_run) {
    runs_.base.count("bpf", calls, 3);
    runs_.head.count("bpf", {"allocations", ""}, 3);
    expect_lockstep(Verdict::only_in_base);
    expect_lockstep(Verdict::only_in_head, {"allocations", ""});
    EXPECT_EQ(judged("bpf", {"allocations", ""}).head, 3.0);
    EXPECT_FALSE(judged("bpf", {"allocations", ""}).base);
    EXPECT_EQ(code(), ExitCode::cannot_measure);
    EXPECT_EQ(code("unjudged.only_in_base = \"pass\""), ExitCode::ok);
}

TEST_F(Compared, runs_without_anything_in_common_are_refused) {
    MadeUpComparison strangers;
    strangers.base.count("bpf", calls, 3);
    strangers.head.count("bpf", {"allocations", ""}, 3);
    EXPECT_NE(refusal(ExitCode::data_refused, [&] { strangers.compared(); }).find("nothing"), 0U);
}

TEST_F(Compared, a_prediction_is_no_measurement) {
    both("prediction", calls, 3, 4);
    EXPECT_EQ(runs_.compared().rows.size(), 1U);
}

TEST_F(Compared, lost_events_and_warnings_are_told) {
    runs_.head.count("bpf", {"lost_events", ""}, 1);
    runs_.head.environment["warnings"] = {"a window did not balance"};
    const Comparison comparison = runs_.compared();
    ASSERT_EQ(comparison.warnings.size(), 3U);
    EXPECT_NE(comparison.warnings[0].find("head: bpf lost 100 events"), std::string::npos);
    EXPECT_EQ(comparison.warnings[2], "head: a window did not balance");
}

// Ten repetitions around a level, with a noise of about one per cent.
std::vector<std::uint64_t> around(double level) {
    std::vector<std::uint64_t> values;
    for (const int noise : {3, -9, 6, 1, -4, 8, -2, -7, 5, 0})
        values.push_back(static_cast<std::uint64_t>(level * (1000 + noise)));
    return values;
}

TEST_F(Compared, a_time_beyond_the_gate_is_worse_with_its_interval) {
    times(around(100), around(110));
    const ComparedRow row = judged("rusage", cpu);
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_FALSE(row.exact);
    EXPECT_NEAR(*row.relative, 0.10, 0.001);
    EXPECT_GT(row.interval->low, 0.05);
    EXPECT_EQ(code(), ExitCode::gate_crossed);
    EXPECT_EQ(row.repetitions, 10U);
}

TEST_F(Compared, a_faster_time_is_better) {
    times(around(110), around(100));
    EXPECT_EQ(judged("rusage", cpu).verdict, Verdict::better);
}

TEST_F(Compared, a_sure_change_within_the_gate_is_none) {
    times(around(100), around(102));
    const ComparedRow row = judged("rusage", cpu);
    EXPECT_EQ(row.verdict, Verdict::same);
    EXPECT_GT(row.interval->low, 0);
    EXPECT_NE(row.notes.front().find("+2.00 %, within 3 %"), std::string::npos);
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code("times = {gated = \"cpu_ns\", percent = 5, percent_of = {cpu_ns = 1}}"), ExitCode::gate_crossed);
}

TEST_F(Compared, noise_is_no_detectable_change_and_says_how_small_one_could_be) {
    std::vector<std::uint64_t> reversed = around(100);
    std::reverse(reversed.begin(), reversed.end());
    times(around(100), reversed);
    const ComparedRow row = judged("rusage", cpu);
    EXPECT_EQ(row.verdict, Verdict::no_detectable_change);
    EXPECT_GT(*row.smallest_detectable, 0.001);
    EXPECT_LT(*row.smallest_detectable, 0.02);
    EXPECT_NE(compare::verdict_text(row).find("no detectable change (smallest detectable: "), std::string::npos);
    const std::string gate = "times = {gated = \"cpu_ns\", percent = 0.05}\nunjudged = {undetectable = \"refuse\"}";
    EXPECT_EQ(code(gate), ExitCode::cannot_measure);
}

TEST_F(Compared, few_repetitions_are_unstable_and_say_how_many_it_takes) {
    times({100, 101, 102}, {200, 201, 202});
    const ComparedRow row = judged("rusage", cpu);
    EXPECT_EQ(row.verdict, Verdict::unstable);
    EXPECT_EQ(row.reason, "3 pairs of repetitions; an interval of 95 % needs 6");
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, more_gated_times_ask_for_a_higher_level_each) {
    times({100, 101, 102, 103, 104, 105}, {200, 201, 202, 203, 204, 205});
    EXPECT_EQ(judged("rusage", cpu).verdict, Verdict::worse);
    times({100, 101, 102, 103, 104, 105}, {200, 201, 202, 203, 204, 205}, {"elapsed_ns", ""});
    const auto both_gated = runs_.compared("times = {gated = [\"cpu_ns\", \"elapsed_ns\"], percent = 5}");
    EXPECT_EQ(MadeUpComparison::row(both_gated, "rusage", cpu).reason, "6 pairs of repetitions; an interval of 97.5 % needs 7");
}

TEST_F(Compared, a_time_of_a_marked_window_is_left_out_with_its_partner) {
    times(around(100), around(110));
    runs_.head.row(MadeUpFolder::load(), 0, "client", {"marks", ""}, 10, 1U);
    runs_.head.row(MadeUpFolder::load(), 0, "client", {"marks", "steal"}, 10, 1U);
    const ComparedRow row = judged("rusage", cpu);
    EXPECT_EQ(row.repetitions, 9U);
    EXPECT_NE(row.notes.front().find("1 of 10 pairs are left out for their marks: head: steal"), std::string::npos);
}

TEST_F(Compared, a_client_that_is_the_limit_and_the_open_loop_say_nothing_of_the_servers_cpu_time) {
    const Quantity elapsed{"elapsed_ns", ""};
    times(around(100), around(110));
    times(around(100), around(110), elapsed);
    for (const char* const mark : {"client_bound", "open_steal", "over_capacity"})
        runs_.head.row(MadeUpFolder::load(), 0, "client", {"marks", mark}, 10, 1U);
    EXPECT_EQ(judged("rusage", cpu).repetitions, 10U);
    const ComparedRow row = judged("rusage", elapsed);
    EXPECT_EQ(row.repetitions, 9U);
    EXPECT_NE(row.notes.front().find("head: client_bound"), std::string::npos);
    EXPECT_EQ(row.notes.front().find("open_steal"), std::string::npos);
}

TEST_F(Compared, a_count_under_load_that_was_none_differs_and_has_no_ratio) {
    times({0, 0, 0, 0, 0, 0}, {5, 6, 5, 7, 5, 6}, {"syscalls_eagain", ""});
    const ComparedRow row = judged("rusage", {"syscalls_eagain", ""});
    EXPECT_EQ(row.verdict, Verdict::worse);
    EXPECT_FALSE(row.relative);
    EXPECT_NEAR(*row.difference, 0.55, 1e-9);
    EXPECT_EQ(row.outcome, Outcome::not_gated);
}

TEST_F(Compared, a_percentile_is_not_divided_by_the_requests) {
    times(around(100), around(100), {"latency_percentile_ns", "p99"});
    const ComparedRow row = judged("rusage", {"latency_percentile_ns", "p99"});
    EXPECT_NEAR(*row.base, 100'050, 100);
    EXPECT_EQ(row.verdict, Verdict::same);
}

TEST_F(Compared, an_allowed_increase_does_not_cross) {
    both("bpf", calls, 3, 5);
    const std::string whole = "[[allowed]]\nmetric = \"syscalls\"\nreason = \"writes a log\"\n";
    EXPECT_EQ(code(whole), ExitCode::ok);
    EXPECT_EQ(MadeUpComparison::row(runs_.compared(whole), "bpf", calls).allowance, "writes a log");
    EXPECT_EQ(code(whole + "at_most = 2.0"), ExitCode::ok);
    EXPECT_EQ(code(whole + "at_most = 1.0"), ExitCode::gate_crossed);
    EXPECT_EQ(code("[[allowed]]\ncell = \"uring/*\"\nreason = \"x\""), ExitCode::gate_crossed);
}

TEST_F(Compared, an_allowed_part_lets_the_total_grow_by_as_much_and_no_further) {
    both("bpf", calls, 3, 4);
    runs_.head.count("bpf", {"syscalls", "fsync"}, 1);
    const std::string gate = "[[allowed]]\ncell = \"epoll/level/*\"\ndetail = \"fsync\"\nreason = \"durable now\"\n";
    EXPECT_EQ(code(gate), ExitCode::ok);
    MadeUpComparison more;
    more.base.count("bpf", calls, 3);
    more.head.count("bpf", calls, 5).count("bpf", {"syscalls", "fsync"}, 1).count("bpf", {"syscalls", "read"}, 1);
    EXPECT_EQ(more.compared(gate).code(), ExitCode::gate_crossed);
}

TEST_F(Compared, an_allowance_that_allows_nothing_is_a_warning) {
    both("bpf", calls, 3, 3);
    const Comparison comparison = runs_.compared("[[allowed]]\nmetric = \"syscalls\"\nreason = \"x\"");
    ASSERT_EQ(comparison.warnings.size(), 1U);
    EXPECT_EQ(comparison.warnings.front(), "gate.toml: allowed[1] allows nothing: no increase matches it");
}

TEST_F(Compared, what_is_not_gated_crosses_nothing) {
    both("bpf", {"context_switches", ""}, 1, 2);
    expect_lockstep(Verdict::worse, {"context_switches", ""});
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code(""), ExitCode::gate_crossed);
}

TEST_F(Compared, a_part_crosses_only_where_the_gate_says_so) {
    both("bpf", calls, 2, 2);
    both("bpf", {"syscalls", "read"}, 2, 1);
    runs_.head.count("bpf", {"syscalls", "recvfrom"}, 1);
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
    EXPECT_NE(refused("[unjudged]\nabsent = \"ignore\"").find("allowed: pass, refuse"), std::string::npos);
    EXPECT_NE(refused("[counts]\nparts = 1").find("allowed: true, false"), std::string::npos);
    refused("[counts");
}

}  // namespace
}  // namespace tare
