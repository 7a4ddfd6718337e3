// SPDX-License-Identifier: Apache-2.0
// What counts find, as every comparison claims it: events of every period and phase, and those that begin late; beside a
// background; and parts that are steady below a total that is not.
#include <gtest/gtest.h>

#include "analysis/compare/comparison.h"
#include "tests/unit/compare/made_up_comparison.h"

namespace tare {
namespace {

using compare::Comparison;
using compare::Row;
using compare::Verdict;

const Quantity calls{"syscalls", ""};
constexpr std::uint64_t first = 200;      // requests of the first window, as suite `gate` has them
constexpr std::uint64_t all = 3 * first;  // of both

// Events at request `phase` of the windows and at every `period`-th after it.
std::uint64_t events(std::uint64_t period, std::uint64_t phase, std::uint64_t begin, std::uint64_t end) {
    std::uint64_t count = 0;
    for (std::uint64_t request = phase; request < end; request += period) count += request >= begin ? 1 : 0;
    return count;
}

compare::ComparedRow judged(std::uint64_t period, std::uint64_t phase) {
    Row row{MadeUpFolder::lockstep(), Source::bpf, calls, {}, {}};
    row.base_windows[0] = {first, 3 * first, ""};
    row.base_windows[1] = {2 * first, 6 * first, ""};
    row.head_windows[0] = {first, 3 * first + events(period, phase, 0, first), ""};
    row.head_windows[1] = {2 * first, 6 * first + events(period, phase, first, all), ""};
    Comparison comparison;
    compare::decide(comparison, {row}, compare::Gate());
    return comparison.rows.front();
}

TEST(counts, what_happens_once_in_as_many_requests_as_were_seen_is_found_whatever_its_phase) {
    for (const std::uint64_t period : {1U, 7U, 199U, 200U, 333U, 599U, 600U}) {
        for (std::uint64_t phase = 0; phase < period; ++phase) {
            const compare::ComparedRow row = judged(period, phase);
            ASSERT_EQ(row.verdict, Verdict::worse) << period << " " << phase;
            ASSERT_EQ(row.outcome, compare::Outcome::crossed);
            ASSERT_EQ(row.certain_one_in, all);
        }
    }
}

TEST(counts, what_is_rarer_is_found_with_the_chance_that_is_told) {
    for (const std::uint64_t period : {601U, 1000U, 3000U}) {
        std::uint64_t found = 0;
        for (std::uint64_t phase = 0; phase < period; ++phase) found += judged(period, phase).verdict == Verdict::worse ? 1 : 0;
        EXPECT_EQ(found, all);  // of `period` phases
    }
}

TEST(counts, what_begins_late_is_found_if_it_happens_once_in_what_is_left) {
    for (const std::uint64_t late : {0U, 100U, 250U, 599U}) {
        const std::uint64_t left = all - late;
        for (std::uint64_t phase = 0; phase < left; ++phase) EXPECT_EQ(judged(left, late + phase).verdict, Verdict::worse);
        EXPECT_EQ(judged(left + 1, late + left).verdict, Verdict::same);
    }
}

TEST(counts, beside_a_background_less_than_a_tenth_of_an_event_may_pass_for_it) {
    MadeUpComparison runs;
    CellKey idle = MadeUpFolder::lockstep();
    idle.kind = Kind::idle;
    idle.op.clear();
    for (MadeUpFolder* const run : {&runs.base, &runs.head}) {
        run->count(Source::bpf, calls, 3).count(Source::bpf, {"copies", ""}, 3);
        run->row(idle, 0, Source::bpf, calls, 1000, 980U);
    }
    const Comparison comparison = runs.compared();
    EXPECT_EQ(MadeUpComparison::row(comparison, Source::bpf, {"copies", ""}).certain_one_in, 300U);
    for (const compare::ComparedRow& row : comparison.rows) {
        if (row.exact && row.quantity == calls) {
            EXPECT_EQ(row.certain_one_in, 10U);
        }
    }
}

// brk comes and goes; read is the same for each request. Totals of 30.01 and 30.015 calls, and with a read more of 31.02
// and 31.005: less than the tenth that two totals that vary must lie apart.
Comparison with_brk(std::uint64_t head_reads) {
    MadeUpComparison runs;
    runs.base.windows(Source::bpf, calls, 3001U, 6003U).count(Source::bpf, {"syscalls", "read"}, 30);
    runs.base.windows(Source::bpf, {"syscalls", "brk"}, 1U, 3U);
    runs.head.windows(Source::bpf, calls, head_reads * 100 + 2, head_reads * 200 + 1)
        .count(Source::bpf, {"syscalls", "read"}, head_reads);
    runs.head.windows(Source::bpf, {"syscalls", "brk"}, 2U, 1U);
    return runs.compared();
}

TEST(counts, a_total_that_varies_is_worse_where_its_steady_parts_are) {
    const Comparison comparison = with_brk(31);
    const compare::ComparedRow& total = MadeUpComparison::row(comparison, Source::bpf, calls);
    EXPECT_EQ(total.verdict, Verdict::worse);
    EXPECT_EQ(total.outcome, compare::Outcome::crossed);
    EXPECT_EQ(total.notes.back(), "without what varies in the base (brk): 30 -> 31");
    EXPECT_EQ(total.increase, 1.0);
    EXPECT_EQ(MadeUpComparison::row(comparison, Source::bpf, {"syscalls", "brk"}).verdict, Verdict::unresolved);
}

TEST(counts, a_total_that_varies_stays_unresolved_where_its_steady_parts_are_the_same_or_less) {
    for (const std::uint64_t reads : {30U, 29U})
        EXPECT_EQ(MadeUpComparison::row(with_brk(reads), Source::bpf, calls).verdict, Verdict::unresolved);
}

}  // namespace
}  // namespace tare
