// SPDX-License-Identifier: Apache-2.0
// Which quantities of two runs are put beside each other, and what there is to say where one side has none.
#include <gtest/gtest.h>

#include "tests/refusal.h"
#include "tests/unit/compare/compared.h"

namespace tare {
namespace {

TEST_F(Compared, a_call_site_is_its_function_wherever_its_lines_moved) {
    const auto sites = [](MadeUpFolder& run, const std::vector<std::string>& names) {
        run.count(Source::bpf, {"allocation_sites", ""}, 2 * names.size());
        for (const std::string& name : names) run.count(Source::bpf, {"allocation_sites", name}, 2);
    };
    sites(runs_.base, {"app::work (app/work.cc:12)", "app::twice (app/work.cc:20)", "app::twice (app/work.cc:21)",
                       "[unknown] (libx.so.1+0x40)", "(anonymous namespace)::g (app+0x12)"});
    sites(runs_.head, {"app::work (app/work.cc:15)", "app::twice (app/moved.cc:2)", "app::twice (app/moved.cc:3)",
                       "[unknown] (libx.so.1+0x60)", "(anonymous namespace)::g (app/g.cc:1)"});
    for (const char* const detail : {"app::work (app/work.cc:15)", "app::twice (2 places)", "[unknown] (libx.so.1+0x60)",
                                     "(anonymous namespace)::g (app/g.cc:1)"})
        EXPECT_EQ(judged(Source::bpf, {"allocation_sites", detail}).verdict, Verdict::same) << detail;
    EXPECT_EQ(judged(Source::bpf, {"allocation_sites", "app::twice (2 places)"}).head, 4.0);
    EXPECT_EQ(code(), ExitCode::ok);
}

TEST_F(Compared, a_call_site_of_another_function_is_another) {
    runs_.base.count(Source::bpf, {"syscall_sites", ""}, 3)
        .count(Source::bpf, {"syscall_sites", "read: app::work (app/work.cc:12)"}, 3);
    runs_.head.count(Source::bpf, {"syscall_sites", ""}, 3)
        .count(Source::bpf, {"syscall_sites", "read: app::other (app/work.cc:12)"}, 3);
    EXPECT_EQ(judged(Source::bpf, {"syscall_sites", "read: app::work (app/work.cc:12)"}).head, 0.0);
    EXPECT_EQ(judged(Source::bpf, {"syscall_sites", "read: app::other (app/work.cc:12)"}).base, 0.0);
}

TEST_F(Compared, absent_is_no_change_and_never_crosses) {
    both(Source::ledger, calls, 3, 3);
    runs_.base.count(Source::bpf, calls, 3).count(Source::bpf, {"syscalls", "read"}, 3);
    runs_.head.windows(Source::bpf, calls, Absent{"no permission"}, Absent{"no permission"});
    const ComparedRow row = judged(Source::bpf, calls);
    EXPECT_EQ(row.verdict, Verdict::absent);
    EXPECT_EQ(row.reason, "head: no permission");
    EXPECT_FALSE(row.difference);
    EXPECT_FALSE(row.head);
    EXPECT_EQ(row.base, 3.0);
    EXPECT_EQ(judged(Source::bpf, {"syscalls", "read"}).verdict, Verdict::absent);
    EXPECT_EQ(code(), ExitCode::cannot_measure);
    EXPECT_EQ(code("unjudged.absent = \"pass\""), ExitCode::ok);
}

TEST_F(Compared, what_is_absent_on_both_sides_passes_unless_it_is_required) {
    both(Source::ledger, calls, 3, 3);
    for (MadeUpFolder* const run : {&runs_.base, &runs_.head})
        run->windows(Source::bpf, calls, Absent{"no BPF"}, Absent{"no BPF"});
    expect_lockstep(Verdict::absent);
    EXPECT_EQ(judged(Source::bpf, calls).reason, "both: no BPF");
    EXPECT_EQ(code(), ExitCode::ok);
    EXPECT_EQ(code("required_sources = \"bpf\""), ExitCode::cannot_measure);
}

TEST_F(Compared, only_in_one_run) {
    runs_.base.count(Source::bpf, calls, 3);
    runs_.head.count(Source::bpf, {"allocations", ""}, 3);
    expect_lockstep(Verdict::only_in_base);
    expect_lockstep(Verdict::only_in_head, {"allocations", ""});
    EXPECT_EQ(judged(Source::bpf, {"allocations", ""}).head, 3.0);
    EXPECT_FALSE(judged(Source::bpf, {"allocations", ""}).base);
    EXPECT_EQ(code(), ExitCode::cannot_measure);
    EXPECT_EQ(code("unjudged.only_in_base = \"pass\""), ExitCode::ok);
}

TEST_F(Compared, runs_without_anything_in_common_are_refused) {
    MadeUpComparison strangers;
    strangers.base.count(Source::bpf, calls, 3);
    strangers.head.count(Source::bpf, {"allocations", ""}, 3);
    EXPECT_NE(refusal(ExitCode::data_refused, [&] { strangers.compared(); }).find("nothing"), 0U);
}

TEST_F(Compared, a_prediction_is_no_measurement) {
    both(Source::prediction, calls, 3, 4);
    EXPECT_EQ(runs_.compared().rows.size(), 1U);
}

TEST_F(Compared, lost_events_and_warnings_are_told) {
    runs_.head.count(Source::bpf, {"lost_events", ""}, 1);
    runs_.head.environment["warnings"] = {"a window did not balance"};
    const Comparison comparison = runs_.compared();
    ASSERT_EQ(comparison.warnings.size(), 3U);
    EXPECT_NE(comparison.warnings[0].find("head: bpf lost 100 events"), std::string::npos);
    EXPECT_EQ(comparison.warnings[2], "head: a window did not balance");
}

}  // namespace
}  // namespace tare
