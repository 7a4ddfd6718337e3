// SPDX-License-Identifier: Apache-2.0
// Background is told from requests only where it can be: planted costs and rates come out as planted, and what is ambiguous
// becomes absent, never rounded away.
#include "harness/bench/idle_subtraction.h"

#include <gtest/gtest.h>

#include "core/bounds.h"

namespace tare {
namespace {

constexpr std::uint64_t n = 1000;

Snapshot syscalls(std::uint64_t reads, std::uint64_t sleeps) {
    Snapshot seen{{{"syscalls", ""}, reads + sleeps}};
    if (reads > 0) seen.set({"syscalls", "read"}, reads);
    if (sleeps > 0) seen.set({"syscalls", "clock_nanosleep"}, sleeps);
    return seen;
}

// Windows of 100 ms and 200 ms.
std::array<RequestWindow, 2> windows(const Snapshot& first, const Snapshot& second) {
    return {{{first, n, n, 100}, {second, 2 * n, 2 * n, 200}}};
}

Measured<std::uint64_t> of(const Snapshot& snapshot, const std::string& detail) { return snapshot.reading({"syscalls", detail}); }

TEST(background, a_thread_of_its_own_is_not_folded_into_requests) {
    auto both = windows(syscalls(n, 51), syscalls(2 * n, 97));
    const auto background = subtract_idle_activity(both, {syscalls(0, 490), 1000});
    for (const std::size_t index : {0U, 1U}) {
        EXPECT_EQ(of(both[index].seen, "read"), Measured<std::uint64_t>(n * (index + 1)));
        EXPECT_EQ(of(both[index].seen, ""), Measured<std::uint64_t>(n * (index + 1)));
        EXPECT_FALSE(both[index].seen.lists({"syscalls", "clock_nanosleep"}));
    }
    EXPECT_EQ(of(background[0], "clock_nanosleep"), Measured<std::uint64_t>(51));
    EXPECT_EQ(of(background[1], ""), Measured<std::uint64_t>(97));
}

TEST(background, a_call_that_both_make_is_split) {
    auto both = windows(syscalls(3 * n + 1, 0), syscalls(6 * n + 2, 0));
    const auto background = subtract_idle_activity(both, {syscalls(10, 0), 1000});
    EXPECT_EQ(of(both[0].seen, "read"), Measured<std::uint64_t>(3 * n));
    EXPECT_EQ(of(both[1].seen, "read"), Measured<std::uint64_t>(6 * n));
    EXPECT_EQ(of(background[1], "read"), Measured<std::uint64_t>(2));
}

TEST(background, without_idle_activity_fractions_stay_as_counted) {
    auto both = windows(syscalls(n + n / 3, 0), syscalls(2 * n + 2 * n / 3, 0));
    subtract_idle_activity(both, {syscalls(0, 490), 1000});
    EXPECT_EQ(of(both[0].seen, "read"), Measured<std::uint64_t>(n + n / 3));
    EXPECT_EQ(of(both[1].seen, "read"), Measured<std::uint64_t>(2 * n + 2 * n / 3));
}

TEST(background, a_fraction_beside_idle_activity_is_absent_not_rounded) {
    for (const std::uint64_t extra : {n / 2, n / 5, 4 * n / 5}) {
        auto both = windows(syscalls(n + extra, 0), syscalls(2 * (n + extra), 0));
        const auto background = subtract_idle_activity(both, {syscalls(10, 0), 1000});
        for (const RequestWindow& window : both) {
            ASSERT_FALSE(of(window.seen, "read").present());
            EXPECT_NE(of(window.seen, "read").reason().find("cannot be told apart"), std::string::npos);
            EXPECT_FALSE(of(window.seen, "").present());  // no total without its part
        }
        EXPECT_FALSE(background[0].lists({"syscalls", "read"}));
    }
}

TEST(background, what_cannot_be_told_apart_has_bounds_and_the_remedy) {
    auto both = windows(syscalls(n + n / 2, 0), syscalls(3 * n, 0));
    subtract_idle_activity(both, {syscalls(10, 0), 1000});
    // 1 + 3 sqrt(2) less than 3000 and the two of the idle rate; and never more than was seen.
    for (const RequestWindow& window : both) {
        for (const char* const detail : {"read", ""}) {
            const std::string reason = of(window.seen, detail).reason();
            EXPECT_TRUE(reason.starts_with("1.496 to 1.500 a request; raise `requests`")) << reason;
            EXPECT_EQ(bounds_in(reason), "1.496 to 1.500");
        }
    }
}

TEST(background, bounds_of_a_total_are_its_own) {
    auto both = windows(syscalls(n + n / 2, n), syscalls(3 * n, 2 * n));
    subtract_idle_activity(both, {syscalls(10, 0), 1000});
    EXPECT_EQ(bounds_in(of(both[0].seen, "read").reason()), "1.496 to 1.500");
    EXPECT_EQ(bounds_in(of(both[0].seen, "").reason()), "2.496 to 2.500");
    EXPECT_EQ(of(both[0].seen, "clock_nanosleep"), Measured<std::uint64_t>(n));
}

TEST(background, a_cost_that_differs_between_the_windows_is_absent) {
    auto both = windows(syscalls(n, 0), syscalls(4 * n, 0));
    subtract_idle_activity(both, {syscalls(10, 0), 1000});
    EXPECT_FALSE(of(both[0].seen, "read").present());
}

TEST(background, more_than_the_idle_rate_explains_is_absent) {
    auto both = windows(syscalls(n, 80), syscalls(2 * n, 100));
    subtract_idle_activity(both, {syscalls(0, 490), 1000});
    EXPECT_FALSE(of(both[0].seen, "clock_nanosleep").present());
    EXPECT_EQ(of(both[0].seen, "read"), Measured<std::uint64_t>(n));
}

Snapshot with_thread(Snapshot seen, const std::string& name, std::uint64_t calls) {
    seen.set({"thread_syscalls", ""}, calls);
    seen.set({"thread_syscalls", name}, calls);
    return seen;
}

TEST(background, a_thread_that_works_faster_when_asked_is_background_as_a_whole) {
    auto both = windows(with_thread(syscalls(n, 80), "1 own", 80), with_thread(syscalls(2 * n, 400), "1 own", 400));
    const auto background = subtract_idle_activity(both, {with_thread(syscalls(0, 33), "1 own", 33), 1000});
    EXPECT_EQ(of(both[0].seen, ""), Measured<std::uint64_t>(n));
    EXPECT_EQ(of(both[1].seen, ""), Measured<std::uint64_t>(2 * n));
    EXPECT_EQ(of(background[1], "clock_nanosleep"), Measured<std::uint64_t>(400));
    EXPECT_EQ(background[1].reading({"thread_syscalls", "1 own"}), Measured<std::uint64_t>(400));
}

TEST(background, calls_that_such_a_thread_does_not_account_for_stay_absent) {
    auto both = windows(with_thread(syscalls(n, 80), "1 own", 60), with_thread(syscalls(2 * n, 400), "1 own", 400));
    subtract_idle_activity(both, {with_thread(syscalls(0, 33), "1 own", 33), 1000});
    EXPECT_FALSE(of(both[0].seen, "clock_nanosleep").present());
    EXPECT_FALSE(of(both[0].seen, "").present());
}

TEST(background, a_few_calls_of_another_thread_do_not_hide_what_such_a_thread_does) {
    auto first = with_thread(syscalls(n, 80), "1 own", 80);
    auto second = with_thread(syscalls(2 * n, 400), "1 own", 402);  // two of the three waits for a lock
    second.set({"syscalls", "futex"}, std::uint64_t{3});
    second.set({"syscalls", ""}, 2 * n + 403);
    auto both = windows(first, second);
    const auto background = subtract_idle_activity(both, {with_thread(syscalls(0, 33), "1 own", 33), 1000});
    EXPECT_EQ(of(both[1].seen, ""), Measured<std::uint64_t>(2 * n + 3));
    EXPECT_EQ(of(both[1].seen, "futex"), Measured<std::uint64_t>(3));
    EXPECT_EQ(of(background[1], "clock_nanosleep"), Measured<std::uint64_t>(400));
}

TEST(background, a_thread_that_may_serve_each_request_is_not_background) {
    auto both =
        windows(with_thread(syscalls(0, n + 80), "1 own", n + 80), with_thread(syscalls(0, 2 * n + 400), "1 own", 2 * n + 400));
    subtract_idle_activity(both, {with_thread(syscalls(0, 33), "1 own", 33), 1000});
    EXPECT_FALSE(both[0].seen.reading({"thread_syscalls", "1 own"}).present());
    EXPECT_FALSE(of(both[0].seen, "").present());
}

TEST(background, too_few_requests_beside_a_high_rate_are_absent) {
    std::array<RequestWindow, 2> both{{{syscalls(110, 0), 10, 10, 100}, {syscalls(220, 0), 20, 20, 200}}};
    subtract_idle_activity(both, {syscalls(1000, 0), 1000});
    EXPECT_FALSE(of(both[0].seen, "read").present());
}

TEST(background, what_one_window_lacks_is_no_count_in_the_other) {
    auto both = windows({{{"syscalls", ""}, Absent{"lost"}}}, syscalls(2 * n, 97));
    const auto background = subtract_idle_activity(both, {syscalls(0, 490), 1000});
    for (const std::size_t index : {0U, 1U}) {
        EXPECT_EQ(of(both[index].seen, ""), Measured<std::uint64_t>(Absent{"lost"}));
        EXPECT_TRUE(background[index].empty());
    }
    auto without_idle = windows(syscalls(n, 51), syscalls(2 * n, 97));
    subtract_idle_activity(without_idle, {{{{"syscalls", ""}, Absent{"lost"}}}, 1000});
    EXPECT_FALSE(of(without_idle[0].seen, "").present());
}

TEST(background, a_part_that_is_missing_beside_an_absent_total_is_refused) {
    auto both = windows(syscalls(n, 51), syscalls(2 * n, 97));
    const auto background =
        subtract_idle_activity(both, {{{{"syscalls", ""}, Absent{"lost"}}, {{"syscalls", "read"}, 0U}}, 1000});
    for (const std::size_t index : {0U, 1U}) {
        EXPECT_EQ(of(both[index].seen, "clock_nanosleep"), Measured<std::uint64_t>(Absent{"lost"}));
        EXPECT_EQ(of(both[index].seen, "read"), Measured<std::uint64_t>(Absent{"lost"}));
        EXPECT_TRUE(background[index].empty());
    }
}

TEST(background, what_the_idle_window_did_not_count_is_no_count_of_requests) {
    auto both = windows(syscalls(n, 51), syscalls(2 * n, 97));
    subtract_idle_activity(both, {{}, 1000});
    EXPECT_EQ(of(both[0].seen, ""), Measured<std::uint64_t>(Absent{"syscalls is not counted"}));
}

TEST(background, a_part_that_only_the_idle_window_lacks_is_refused_alone) {
    auto both = windows(syscalls(n, 51), syscalls(2 * n, 97));
    subtract_idle_activity(both, {{{{"syscalls", ""}, 0U}, {{"syscalls", "clock_nanosleep"}, Absent{"unseen"}}}, 1000});
    EXPECT_EQ(of(both[0].seen, "clock_nanosleep"), Measured<std::uint64_t>(Absent{"unseen"}));
    EXPECT_EQ(of(both[0].seen, "read"), Measured<std::uint64_t>(n));
}

TEST(background, a_thread_that_serves_pipelines_is_none) {
    auto both = windows(with_thread(syscalls(n / 16 * 3, 0), "0 redis", n / 16 * 3),
                        with_thread(syscalls(2 * n / 16 * 3, 0), "0 redis", 2 * n / 16 * 3));
    for (RequestWindow& window : both) window.exchanges = window.requests / 16;
    subtract_idle_activity(both, {with_thread(syscalls(700, 0), "0 redis", 700), 1000});
    EXPECT_FALSE(both[0].seen.reading({"thread_syscalls", "0 redis"}).present());
}

TEST(background, what_is_absent_stays_so) {
    auto both = windows({{{"syscalls", ""}, Absent{"lost"}}}, syscalls(2 * n, 0));
    subtract_idle_activity(both, {syscalls(10, 0), 1000});
    EXPECT_EQ(of(both[0].seen, ""), Measured<std::uint64_t>(Absent{"lost"}));
}

}  // namespace
}  // namespace tare
