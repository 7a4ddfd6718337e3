// SPDX-License-Identifier: Apache-2.0
// Absent is never zero: no arithmetic of readings makes a number of a reason.
#include "core/measured.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

const Reading lost = Absent{"lost events"};
const Reading denied = Absent{"no permission"};

Reading count(std::uint64_t value) { return value; }

TEST(reading, a_difference_is_close_minus_open) {
    EXPECT_EQ(count(7) - count(3), count(4));
    EXPECT_EQ(count(3) - count(3), count(0));
}

TEST(reading, a_difference_passes_absence_on) {
    EXPECT_EQ(lost - count(3), lost);
    EXPECT_EQ(count(3) - denied, denied);
    EXPECT_EQ(lost - denied, lost);
}

TEST(reading, a_sum_passes_absence_on) {
    EXPECT_EQ(count(3) + count(4), count(7));
    EXPECT_EQ(count(3) + denied, denied);
    EXPECT_EQ(lost + count(3), lost);
}

TEST(reading, a_counter_that_shrank_is_absent) {
    const Reading change = count(3) - count(4);
    ASSERT_FALSE(change.present());
    EXPECT_EQ(change.reason(), "the counter went backwards");
}

TEST(reading, absent_differs_from_zero) { EXPECT_NE(lost, count(0)); }

TEST(reading_death, a_value_is_not_taken_from_an_absent_reading) {
    EXPECT_DEATH(lost.value(), "value\\(\\) of an absent reading");
    EXPECT_DEATH(count(0).reason(), "reason\\(\\) of a present reading");
}

TEST(window, totals_stay_and_unchanged_parts_go) {
    const Snapshot open{{{"syscalls", ""}, 10U}, {{"syscalls", "read"}, 6U}, {{"syscalls", "write"}, 4U}, {{"sqes", ""}, 5U}};
    const Snapshot close{{{"syscalls", ""}, 13U}, {{"syscalls", "read"}, 9U}, {{"syscalls", "write"}, 4U}, {{"sqes", ""}, 5U}};
    EXPECT_EQ(window_between(open, close), (Snapshot{{{"syscalls", ""}, 3U}, {{"syscalls", "read"}, 3U}, {{"sqes", ""}, 0U}}));
}

TEST(window, a_part_that_first_happens_inside_starts_from_zero) {
    const Snapshot open{{{"syscalls", ""}, 10U}};
    const Snapshot close{{{"syscalls", ""}, 12U}, {{"syscalls", "close"}, 2U}};
    EXPECT_EQ(window_between(open, close), (Snapshot{{{"syscalls", ""}, 2U}, {{"syscalls", "close"}, 2U}}));
}

TEST(window, absence_at_either_edge_is_absence) {
    const Snapshot absent{{{"copies", ""}, denied}};
    const Snapshot present{{{"copies", ""}, 5U}};
    EXPECT_EQ(window_between(absent, present), absent);
    EXPECT_EQ(window_between(present, absent), absent);
}

TEST(window, a_part_that_became_absent_is_kept_as_absent) {
    const Snapshot open{{{"copies", ""}, 5U}, {{"copies", "memset"}, 5U}};
    const Snapshot close{{{"copies", ""}, 5U}, {{"copies", "memset"}, lost}};
    EXPECT_EQ(window_between(open, close), (Snapshot{{{"copies", ""}, 0U}, {{"copies", "memset"}, lost}}));
}

TEST(window_death, a_total_that_appears_inside_is_an_error) {
    EXPECT_DEATH(window_between({}, {{{"syscalls", ""}, 1U}}), "a total appeared in mid-window");
}

}  // namespace
}  // namespace tare
