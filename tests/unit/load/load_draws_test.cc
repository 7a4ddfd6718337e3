// SPDX-License-Identifier: Apache-2.0
// What the load generator draws at random has the distribution that was asked for: keys, the mix, and due times.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "harness/load/arrival_schedule.h"
#include "harness/load/request_source.h"
#include "tests/refusal.h"

namespace tare {
namespace {

constexpr int draws = 400'000;

// Chi-square over the keys, divided by its degrees of freedom: about 1 when the shares are as expected.
double misfit(const KeyPopularity& popularity, const std::vector<double>& share) {
    std::mt19937_64 random(11);
    std::vector<double> seen(share.size());
    for (int index = 0; index < draws; ++index) seen.at(popularity.draw(random())) += 1;
    double sum = 0;
    for (std::size_t key = 0; key < share.size(); ++key) {
        const double expected = share[key] * draws;
        sum += (seen[key] - expected) * (seen[key] - expected) / expected;
    }
    return sum / static_cast<double>(share.size() - 1);
}

// Five standard deviations above 1.
double misfit_max(std::size_t keys) { return 1 + 5 * std::sqrt(2 / static_cast<double>(keys - 1)); }

std::vector<double> zipf_shares(double exponent, std::size_t keys) {
    std::vector<double> share(keys);
    double sum = 0;
    for (std::size_t key = 0; key < keys; ++key) sum += share[key] = 1 / std::pow(static_cast<double>(key + 1), exponent);
    for (double& each : share) each /= sum;
    return share;
}

TEST(popularity, uniform_asks_for_every_key_as_often) {
    EXPECT_LT(misfit(KeyPopularity({}, 500), zipf_shares(0, 500)), misfit_max(500));
    EXPECT_GT(misfit(KeyPopularity({}, 500), zipf_shares(0.2, 500)), 3);  // the test can tell
}

TEST(popularity, zipf_asks_by_rank) {
    for (const double exponent : {0.0, 0.5, 0.99, 1.0, 1.3, 3.0}) {
        const std::size_t keys = exponent > 2 ? 20 : 500;
        EXPECT_LT(misfit(KeyPopularity({exponent}, keys), zipf_shares(exponent, keys)), misfit_max(keys)) << exponent;
    }
    EXPECT_GT(misfit(KeyPopularity({0.99}, 500), zipf_shares(1.1, 500)), 3);
}

TEST(popularity, one_key_is_always_asked_for) {
    EXPECT_EQ(KeyPopularity({0.99}, 1).draw(~std::uint64_t{0}), 0U);
    EXPECT_EQ(KeyPopularity({}, 1).draw(~std::uint64_t{0}), 0U);
}

TEST(popularity, what_makes_no_sense_is_refused) {
    EXPECT_NE(refusal(ExitCode::usage, [] { KeyPopularity({-1.0}, 10); }).find("Zipf"), std::string::npos);
    EXPECT_NE(refusal(ExitCode::usage, [] { KeyPopularity({}, 0); }).find("keys"), std::string::npos);
}

TEST(request_source, operations_come_by_their_weights_and_sets_change_the_value) {
    LoadPlan plan;
    plan.key_count = 50;
    plan.mix = {{Operation::get_hit, 6}, {Operation::set, 3}, {Operation::mget, 0}, {Operation::get_miss, 1}};
    const KeyPopularity popularity({}, plan.key_count);
    RequestSource source(plan, popularity, 5);
    std::map<Operation, int> seen;
    std::map<std::uint64_t, std::uint8_t> stored;
    for (int index = 0; index < draws; ++index) {
        const DrawnRequest request = source.draw();
        ++seen[request.operation];
        if (request.operation != Operation::set) continue;
        EXPECT_NE(stored[request.key], request.version);
        stored[request.key] = request.version;
    }
    EXPECT_NEAR(seen[Operation::get_hit], 0.6 * draws, 0.01 * draws);
    EXPECT_NEAR(seen[Operation::set], 0.3 * draws, 0.01 * draws);
    EXPECT_NEAR(seen[Operation::get_miss], 0.1 * draws, 0.01 * draws);
    EXPECT_EQ(seen[Operation::mget], 0);
}

TEST(request_source, the_same_seed_draws_the_same) {
    LoadPlan plan;
    const KeyPopularity popularity({}, plan.key_count);
    RequestSource one(plan, popularity, 5);
    RequestSource same(plan, popularity, 5);
    RequestSource other(plan, popularity, 6);
    std::set<bool> differs;
    for (int index = 0; index < 100; ++index) {
        const std::uint64_t key = one.draw().key;
        EXPECT_EQ(key, same.draw().key);
        differs.insert(key != other.draw().key);
    }
    EXPECT_TRUE(differs.contains(true));
}

LoadWindow window_of(double rate_per_s, Arrivals arrivals, double seconds, std::uint64_t requests = 0) {
    return {static_cast<std::uint64_t>(seconds * 1e9), requests, LoadWindow::OpenLoop{rate_per_s, arrivals}};
}

std::vector<double> all_times(Schedule schedule, std::uint64_t count) {
    std::vector<double> times;
    for (std::uint64_t index = 0; index < count; ++index, schedule.advance())
        times.push_back(static_cast<double>(schedule.next_due_ns()));
    EXPECT_EQ(schedule.next_due_ns(), std::numeric_limits<std::uint64_t>::max());
    return times;
}

TEST(schedule, constant_arrivals_keep_their_distance_to_the_end) {
    Schedule schedule(due_times(window_of(3000, Arrivals::constant, 10), 0, 1), 1'000'000'007, 1);
    for (std::uint64_t index = 0; index < 30'000; ++index) {
        ASSERT_NEAR(static_cast<double>(schedule.next_due_ns() - 1'000'000'007), static_cast<double>(index) * 1e9 / 3000, 2);
        schedule.advance();
    }
}

TEST(schedule, the_rate_is_the_number_of_requests_over_the_windows_length_also_where_both_are_small) {
    for (const Arrivals arrivals : {Arrivals::constant, Arrivals::poisson}) {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const std::vector<double> times = all_times(Schedule(due_times(window_of(10, arrivals, 1), 0, 1), 0, seed), 10);
            EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
            EXPECT_LT(times.back(), 1e9);
        }
    }
    EXPECT_EQ(due_times(window_of(10, Arrivals::poisson, 0, 7), 0, 1).count, 7U);
    EXPECT_DOUBLE_EQ(due_times(window_of(10, Arrivals::poisson, 0, 7), 0, 1).length_ns, 0.7e9);
    EXPECT_EQ(due_times(window_of(10, Arrivals::poisson, 1, 7), 0, 1).count, 7U);
    EXPECT_EQ(due_times(window_of(10, Arrivals::poisson, 1, 70), 0, 1).count, 10U);
}

TEST(schedule, constant_arrivals_of_several_threads_are_those_of_one_in_turn) {
    const LoadWindow window = window_of(1000, Arrivals::constant, 0.01);
    std::vector<double> together;
    for (std::size_t thread = 0; thread < 4; ++thread) {
        const DueTimes times = due_times(window, thread, 4);
        const std::vector<double> own = all_times(Schedule(times, 0, thread), times.count);
        together.insert(together.end(), own.begin(), own.end());
    }
    std::sort(together.begin(), together.end());
    EXPECT_EQ(together, all_times(Schedule(due_times(window, 0, 1), 0, 1), 10));
}

TEST(schedule, poisson_arrivals_have_mean_and_deviation_of_their_distance) {
    std::vector<double> times = all_times(Schedule(due_times(window_of(100'000, Arrivals::poisson, 4), 0, 1), 0, 3), draws);
    double squares = 0;
    for (int index = 1; index < draws; ++index) {
        const double distance = times[static_cast<std::size_t>(index)] - times[static_cast<std::size_t>(index - 1)];
        squares += distance * distance;
    }
    const double mean_ns = times.back() / draws;
    EXPECT_NEAR(mean_ns, 10'000, 10);                                          // as many as the rate brings, whatever is drawn
    EXPECT_NEAR(std::sqrt(squares / draws - mean_ns * mean_ns), 10'000, 200);  // exponential: as large as the mean
    // And no place of the window is likelier than another: 100 slices of 4000 ± 63.
    std::vector<int> slices(100);
    for (const double time : times) ++slices.at(static_cast<std::size_t>(time / 4e7));
    EXPECT_GT(*std::min_element(slices.begin(), slices.end()), 3680);
    EXPECT_LT(*std::max_element(slices.begin(), slices.end()), 4320);
}

TEST(schedule, what_was_not_sent_is_counted) {
    Schedule constant(due_times(window_of(1000, Arrivals::constant, 1), 0, 1), 0, 1);
    for (int index = 0; index < 300; ++index) constant.advance();
    EXPECT_EQ(constant.drain_until(1'000'000'000), 700U);
    EXPECT_EQ(constant.drain_until(1'000'000'000), 0U);
    double half = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        const DueTimes times = due_times(window_of(1000, Arrivals::poisson, 1), 0, 1);
        EXPECT_EQ(Schedule(times, 0, seed).drain_until(1'000'000'000), 1000U);
        half += static_cast<double>(Schedule(times, 0, seed).drain_until(500'000'000));
    }
    EXPECT_NEAR(half / 400, 500, 4);  // 500 ± 0.8
    for (const double rate : {0.0, -1.0, 1e300, std::nan(""), HUGE_VAL})
        EXPECT_NE(refusal(ExitCode::usage, [&] { due_times(window_of(rate, Arrivals::poisson, 1), 0, 1); }).find("rate"),
                  std::string::npos);
}

}  // namespace
}  // namespace tare
