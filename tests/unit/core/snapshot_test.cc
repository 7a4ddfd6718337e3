// SPDX-License-Identifier: Apache-2.0
// What a snapshot lists, and what lies between two.
#include "core/snapshot.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

const Measured<std::uint64_t> lost = Absent{"lost events"};
const Measured<std::uint64_t> denied = Absent{"no permission"};

TEST(snapshot, a_part_that_is_not_listed_beside_its_total_is_zero) {
    const Snapshot seen{{{"syscalls", ""}, 7U}, {{"syscalls", "read"}, 7U}};
    EXPECT_EQ(seen.part("syscalls", "read"), Measured<std::uint64_t>(7));
    EXPECT_EQ(seen.part("syscalls", "write"), Measured<std::uint64_t>(0));
}

TEST(snapshot, a_part_that_is_not_listed_beside_an_absent_total_is_absent_for_its_reason) {
    const Snapshot seen{{{"syscalls", ""}, lost}};
    EXPECT_EQ(seen.part("syscalls", "write"), lost);
}

TEST(snapshot, a_listed_part_stands_for_itself_whatever_its_total) {
    const Snapshot seen{{{"syscalls", ""}, lost}, {{"syscalls", "read"}, 7U}, {{"copies", ""}, 3U}, {{"copies", "heap"}, denied}};
    EXPECT_EQ(seen.part("syscalls", "read"), Measured<std::uint64_t>(7));
    EXPECT_EQ(seen.total("syscalls"), lost);
    EXPECT_EQ(seen.part("copies", "heap"), denied);
    EXPECT_EQ(seen.total("copies"), Measured<std::uint64_t>(3));
}

TEST(snapshot, nothing_is_known_of_what_is_not_listed_without_a_total) {
    const Snapshot seen{{{"latency_percentile_ns", "p50"}, 900U}};
    EXPECT_TRUE(seen.tells({"latency_percentile_ns", "p50"}));
    EXPECT_FALSE(seen.tells({"latency_percentile_ns", "p99"}));
    EXPECT_EQ(seen.part("latency_percentile_ns", "p99"), Measured<std::uint64_t>(Absent{"latency_percentile_ns is not counted"}));
    EXPECT_EQ(seen.total("syscalls"), Measured<std::uint64_t>(Absent{"syscalls is not counted"}));
}

TEST(snapshot, parts_are_those_of_one_metric) {
    const Snapshot seen{{{"copies", ""}, 3U}, {{"copies", "a"}, 1U}, {{"copies", "b"}, denied}, {{"copies_other", "c"}, 2U}};
    EXPECT_EQ(seen.parts("copies"), (std::map<std::string, Measured<std::uint64_t>>{{"a", 1U}, {"b", denied}}));
    EXPECT_TRUE(seen.parts("fills").empty());
}

TEST(snapshot, what_is_added_to_an_absent_reading_leaves_it_absent) {
    Snapshot seen{{{"copies", ""}, 3U}, {{"fills", ""}, denied}};
    seen.add({"copies", ""}, 2);
    seen.add({"fills", ""}, 2);
    seen.add({"copies", "a"}, 2);
    EXPECT_EQ(seen, (Snapshot{{{"copies", ""}, 5U}, {{"copies", "a"}, 2U}, {{"fills", ""}, denied}}));
}

TEST(snapshot, without_readings_a_total_keeps_its_own_reason) {
    const Snapshot seen{{{"copies", ""}, 3U}, {{"copies", "a"}, 3U}, {{"fills", ""}, denied}};
    EXPECT_EQ(seen.without_readings("lost events"), (Snapshot{{{"copies", ""}, lost}, {{"fills", ""}, denied}}));
}

TEST(window, totals_stay_and_unchanged_parts_go) {
    const Snapshot open{{{"syscalls", ""}, 10U}, {{"syscalls", "read"}, 6U}, {{"syscalls", "write"}, 4U}, {{"sqes", ""}, 5U}};
    const Snapshot close{{{"syscalls", ""}, 13U}, {{"syscalls", "read"}, 9U}, {{"syscalls", "write"}, 4U}, {{"sqes", ""}, 5U}};
    EXPECT_EQ(close.minus(open), (Snapshot{{{"syscalls", ""}, 3U}, {{"syscalls", "read"}, 3U}, {{"sqes", ""}, 0U}}));
}

TEST(window, a_part_that_first_happens_inside_starts_from_zero) {
    const Snapshot open{{{"syscalls", ""}, 10U}};
    const Snapshot close{{{"syscalls", ""}, 12U}, {{"syscalls", "close"}, 2U}};
    EXPECT_EQ(close.minus(open), (Snapshot{{{"syscalls", ""}, 2U}, {{"syscalls", "close"}, 2U}}));
}

TEST(window, absence_at_either_edge_is_absence) {
    const Snapshot absent{{{"copies", ""}, denied}};
    const Snapshot present{{{"copies", ""}, 5U}};
    EXPECT_EQ(present.minus(absent), absent);
    EXPECT_EQ(absent.minus(present), absent);
}

TEST(window, a_part_that_first_shows_beside_a_total_that_was_absent_is_no_count_from_zero) {
    const Snapshot open{{{"copies", ""}, denied}};
    const Snapshot close{{{"copies", ""}, 5U}, {{"copies", "memcpy"}, 5U}};
    EXPECT_EQ(close.minus(open), (Snapshot{{{"copies", ""}, denied}, {{"copies", "memcpy"}, denied}}));
}

TEST(window, a_part_that_is_listed_no_more_is_no_zero) {
    const Snapshot open{{{"thread_syscalls", ""}, 9U}, {{"thread_syscalls", "0 main"}, 9U}};
    const Snapshot close{{{"thread_syscalls", ""}, 12U}, {{"thread_syscalls", "0 renamed"}, 12U}};
    EXPECT_EQ(close.minus(open).part("thread_syscalls", "0 main"), Measured<std::uint64_t>(Absent{"the counter went backwards"}));
}

TEST(window, a_part_that_became_absent_is_kept_as_absent) {
    const Snapshot open{{{"copies", ""}, 5U}, {{"copies", "memset"}, 5U}};
    const Snapshot close{{{"copies", ""}, 5U}, {{"copies", "memset"}, lost}};
    EXPECT_EQ(close.minus(open), (Snapshot{{{"copies", ""}, 0U}, {{"copies", "memset"}, lost}}));
}

TEST(window_death, a_total_that_appears_inside_is_an_error) {
    EXPECT_DEATH((Snapshot{{{"syscalls", ""}, 1U}}).minus({}), "a total appeared in mid-window");
}

}  // namespace
}  // namespace tare
