// SPDX-License-Identifier: Apache-2.0
// "1 amortised" held against calls under load: an upper bound, by every repetition, and never without a count.
#include "analysis/case_study/report.h"

#include <gtest/gtest.h>

#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

const CellKey ring = load_cell("uring/oneshot/as_described", Build::counted);

// Of the summary's claim about a GET hit; `calls` are of 100 requests, one number a repetition.
Judgement judged(const std::vector<Measured<std::uint64_t>>& ledger, const std::vector<Measured<std::uint64_t>>& bpf,
                 const CellKey& cell = ring) {
    static const ClaimsFile reference = case_study::reference_claims();
    MadeUpLoad run;
    run.saw(cell, Source::ledger, {"syscalls", ""}, ledger).saw(cell, Source::bpf, {"syscalls", ""}, bpf);
    const std::vector<Judgement> judgements = judge_claims(reference, windows_of(run.rows()), run.load());
    for (const Judgement& judgement : judgements) {
        if (judgement.claim->id == "summary-syscalls-io_uring" && judgement.op == "get_hit") return judgement;
    }
    return {};
}

TEST(amortised_claims, hold_when_no_repetition_takes_more_and_fall_when_each_does) {
    const Judgement few = judged({5U, 100U}, {5U, 100U});
    EXPECT_EQ(few.verdict, Verdict::confirmed) << "exactly as many as claimed is not more";
    EXPECT_EQ(few.counters, "ledger = bpf");
    EXPECT_EQ(few.reason, "");
    EXPECT_EQ(judged({101U, 150U}, {101U, 150U}).verdict, Verdict::disproved);
    const Judgement both = judged({50U, 150U}, {50U, 150U});
    EXPECT_EQ(both.verdict, Verdict::not_judged);
    EXPECT_EQ(both.reason, "the repetitions lie on either side");
}

TEST(amortised_claims, are_not_judged_by_disputed_or_missing_counts) {
    EXPECT_EQ(judged({5U}, {6U}).reason, "the independent counters disagree");
    EXPECT_EQ(judged({5U}, {Absent{"no permission"}}).counters, "ledger alone");
    const Judgement absent = judged({Absent{"lost"}}, {Absent{"no permission"}});
    EXPECT_EQ(absent.verdict, Verdict::not_judged);
    EXPECT_EQ(absent.measured, "");
    EXPECT_EQ(absent.reason, "under load: lost");
}

TEST(amortised_claims, need_64_connections_and_no_pipeline) {
    for (const CellKey& cell : {load_cell("uring/oneshot/as_described", Build::counted, 64, 16),
                                load_cell("uring/oneshot/as_described", Build::counted, 64, 64, 16),
                                load_cell("uring/oneshot/as_described", Build::counted, 4096)})
        EXPECT_EQ(judged({5U}, {5U}, cell).verdict, Verdict::not_judged);
}

}  // namespace
}  // namespace tare
