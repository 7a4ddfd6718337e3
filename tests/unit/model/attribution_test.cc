// SPDX-License-Identifier: Apache-2.0
// CPU time taken apart: sums worked out by hand, what is missing stays missing, and nothing is cut off at 0.
#include "analysis/model/attribution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/model/waterfall.h"
#include "analysis/report/sections/sections.h"
#include "tests/refusal.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

const CellKey timed = load_cell("epoll/level/as_described", Build::timed);
const CellKey counted = load_cell("epoll/level/as_described", Build::counted);

// Per request a wait for a quarter, a receive and a send of 64 bytes, `allocations` of 64 bytes and no copy.
void count_epoll(MadeUpLoad& run, const CellKey& cell, std::uint64_t allocations = 2) {
    run.counted(cell, "syscalls", "", 225).counted(cell, "syscalls", "epoll_wait", 25);
    run.counted(cell, "syscalls", "recvfrom", 100).counted(cell, "syscalls", "sendto", 100);
    run.counted(cell, "wait_events", "", 100).counted(cell, "sqes", "", 0).counted(cell, "cqes", "", 0);
    run.counted(cell, "allocations", "", 100 * allocations).counted(cell, "allocations", "input_copy", 100 * allocations);
    run.counted(cell, "allocated_bytes", "", 6400 * allocations)
        .counted(cell, "allocated_bytes", "input_copy", 6400 * allocations);
    run.counted(cell, "copies", "", 0).counted(cell, "copied_bytes", "", 0);
    run.saw(cell, Source::bpf, {"syscalls_eagain", ""}, {0U}).saw(cell, Source::bpf, {"kernel_copied_bytes", ""}, {12800U});
    run.saw(cell, Source::bpf, {"kernel_copied_bytes", "received"}, {6400U})
        .saw(cell, Source::bpf, {"kernel_copied_bytes", "sent"}, {6400U});
}

void price_epoll(MadeUpLoad& run) {
    run.costs("system_call", 0, 100).costs("epoll_wait", 1, 310).costs("epoll_wait", 5, 350);
    run.costs("loopback_receive", 64, 500).costs("loopback_send", 64, 1500).costs("malloc_free", 64, 20);
}

TEST(attribution, each_term_is_a_count_times_its_price_and_the_sum_is_theirs) {
    MadeUpLoad run;
    run.took(timed, 5000);
    count_epoll(run, counted);
    price_epoll(run);
    const Attribution made = attribute(run.load(), run.prices(), timed);
    ASSERT_TRUE(made.sum.present()) << made.sum.reason();
    // 2.25 crossings; a quarter of a wait of four events, 300 + 4 x 10 less the crossing; 400 and 1400 beyond theirs.
    EXPECT_NEAR(made.of(Expense::system_calls).value().value, 225 + 0.25 * 240, 1e-9);
    EXPECT_NEAR(made.of(Expense::socket).value().value, 400 + 1400, 1e-9);
    EXPECT_NEAR(made.of(Expense::allocations).value().value, 40, 1e-9);
    EXPECT_NEAR(made.of(Expense::copies).value().value, 0, 1e-9) << "no copy needs no price";
    EXPECT_NEAR(made.sum.value().value, 2125, 1e-9);
    EXPECT_NEAR(made.residual.value().value, 5000 - 2125, 1e-9);
    EXPECT_NEAR(made.explained.value().value, 0.425, 1e-9);
    // Measured 4950 to 5050 in its six repetitions.
    EXPECT_NEAR(made.explained.value().low, 2125.0 / 5050, 1e-9);
    EXPECT_NEAR(made.explained.value().high, 2125.0 / 4950, 1e-9);
}

TEST(attribution, what_the_prices_drifted_and_the_counts_vary_is_in_the_bracket) {
    MadeUpLoad run;
    run.took(timed, 5000)
        .saw(counted, Source::ledger, {"allocations", ""}, {200U, 400U, 200U})
        .saw(counted, Source::ledger, {"copies", ""}, {0U});
    run.saw(counted, Source::ledger, {"allocated_bytes", ""}, {12800U, 25600U, 12800U});
    run.costs("malloc_free", 64, {19, 20, 21}, {24, 25, 30});
    const Attribution made = attribute(run.load(), run.prices(), timed);
    const Estimate allocations = made.of(Expense::allocations).value();
    EXPECT_NEAR(allocations.value, 2 * 22.5, 1e-9) << "midway between the two times";
    EXPECT_NEAR(allocations.low, 2 * 19, 1e-9);
    EXPECT_NEAR(allocations.high, 4 * 30, 1e-9);
    EXPECT_FALSE(made.explained.present()) << "the calls were not counted";
}

TEST(attribution, a_residual_below_zero_is_shown_as_it_is) {
    MadeUpLoad run;
    run.took(timed, 1000);
    count_epoll(run, counted);
    price_epoll(run);
    EXPECT_NEAR(attribute(run.load(), run.prices(), timed).residual.value().value, 1000 - 2125, 1e-9);
}

TEST(attribution, without_a_price_or_a_count_there_is_no_sum) {
    MadeUpLoad unpriced;
    unpriced.took(timed, 5000);
    count_epoll(unpriced, counted);
    EXPECT_EQ(attribute(unpriced.load(), unpriced.prices(), timed).sum.reason(), "this run holds no calibration");
    unpriced.costs("system_call", 0, 100).cannot_cost("epoll_wait", "blocked");
    const Attribution made = attribute(unpriced.load(), unpriced.prices(), timed);
    EXPECT_EQ(made.sum.reason(), "epoll_wait was not calibrated: blocked");
    EXPECT_EQ(made.residual.reason(), made.sum.reason());

    MadeUpLoad uncounted;
    price_epoll(uncounted);
    uncounted.took(timed, 5000).saw(counted, Source::ledger, {"syscalls", ""}, {Absent{"the window did not balance"}});
    EXPECT_EQ(attribute(uncounted.load(), uncounted.prices(), timed).sum.reason(), "the window did not balance");

    MadeUpLoad untimed;
    untimed.saw(timed, Source::rusage, {"cpu_ns", ""}, {Absent{"the server died"}});
    count_epoll(untimed, counted);
    price_epoll(untimed);
    EXPECT_EQ(attribute(untimed.load(), untimed.prices(), timed).residual.reason(), "the server died");
}

TEST(attribution, a_ring_is_charged_enters_pairs_and_the_socket_without_a_crossing_of_its_own) {
    const CellKey ring = load_cell("uring/oneshot/as_described", Build::counted);
    MadeUpLoad run;
    run.took(with_variant(ring, ring.variant, Build::timed), 4000);
    run.counted(ring, "syscalls", "", 10).counted(ring, "syscalls", "io_uring_enter", 10).counted(ring, "wait_events", "", 0);
    run.counted(ring, "sqes", "", 200).counted(ring, "sqes", "send", 100).counted(ring, "cqes", "", 200);
    run.counted(ring, "cqes", "recv", 100).counted(ring, "allocations", "", 0).counted(ring, "copies", "", 0);
    run.counted(ring, "allocated_bytes", "", 0).counted(ring, "copied_bytes", "", 0);
    run.saw(ring, Source::bpf, {"syscalls_eagain", ""}, {0U});
    run.saw(ring, Source::ledger, {"received_bytes", ""}, {6400U}).saw(ring, Source::ledger, {"sent_bytes", ""}, {6400U});
    price_epoll(run);
    run.costs("uring_enter_nops", 1, 360).costs("uring_enter_nops", 2, 420);
    const Attribution made = attribute(run.load(), run.prices(), with_variant(ring, ring.variant, Build::timed));
    ASSERT_TRUE(made.sum.present()) << made.sum.reason();
    EXPECT_NEAR(made.of(Expense::system_calls).value().value, 10, 1e-9);
    EXPECT_NEAR(made.of(Expense::queue_operations).value().value, 0.1 * 200 + 2 * 60, 1e-9);
    EXPECT_NEAR(made.of(Expense::socket).value().value, 400 + 1400, 1e-9);
    run.costs("uring_loopback_send", 64, 1200);  // with half a pair and a 32nd of an enter
    const Attribution own = attribute(run.load(), run.prices(), with_variant(ring, ring.variant, Build::timed));
    EXPECT_NEAR(own.of(Expense::socket).value().value, 400 + 1200 - 30 - 300.0 / 32, 1e-9);
}

TEST(prices, are_interpolated_between_sizes_and_not_below_the_first) {
    MadeUpLoad run;
    run.costs("memcpy", 100, 10).costs("memcpy", 10000, 1000).costs("malloc_free", 64, 20);
    const Prices prices = run.prices();
    EXPECT_NEAR(prices.price_at("memcpy", 1000).value().value, 100, 1e-9);
    EXPECT_NEAR(prices.price_at("memcpy", 5).value().value, 10, 1e-9);
    EXPECT_NEAR(prices.price_at("memcpy", 20000).value().value, 2000, 1e-9);
    EXPECT_EQ(prices.price_at("malloc_free", 128).reason(), "malloc_free was calibrated at one size only, below 128");
    EXPECT_EQ(prices.price("wake_up").reason(), "the calibration has no wake_up");
    const Price apart = Price(Estimate{10, 9, 12, 3, false}) - Price(Estimate{4, 3, 6, 3, false});
    EXPECT_DOUBLE_EQ(apart.value().low, 3);
    EXPECT_DOUBLE_EQ(apart.value().high, 9);
}

TEST(prices, lie_between_before_and_after_and_their_bracket_holds_the_repetitions_of_both) {
    MadeUpLoad run;
    run.costs("memcpy", 64, {10, 11, 10}, {20, 22, 20}).costs("epoll_wait", 1, {300, 300, 300}, {400, 400, 400});
    run.costs("epoll_wait", 5, {340, 340, 340}, {480, 480, 480}).costs("malloc_free", 64, 20);
    const Prices prices = run.prices();
    const Estimate copy = prices.price("memcpy").value();
    EXPECT_DOUBLE_EQ(copy.value, 15);
    EXPECT_DOUBLE_EQ(copy.low, 10);
    EXPECT_DOUBLE_EQ(copy.high, 22);
    EXPECT_FALSE(copy.interval) << "two times are no sample of one";
    ASSERT_EQ(prices.lines("epoll_wait").size(), 2U);
    EXPECT_NEAR(prices.intercept("epoll_wait").value().value, (290 + 380) / 2.0, 1e-9);
    EXPECT_NEAR(prices.slope("epoll_wait").value().low, 10, 1e-9);
    EXPECT_NEAR(prices.slope("epoll_wait").value().high, 20, 1e-9);
    EXPECT_EQ(prices.slope("memcpy").reason(), "memcpy was calibrated at one argument only");
    EXPECT_EQ(prices.slope("wake_up").reason(), "the calibration has no wake_up");
    EXPECT_TRUE(prices.both_times());
    const std::string section = run.written(sections::calibration);
    EXPECT_NE(section.find("| `memcpy` | 64 | 10 | 20 | +100.0 % | 10 to 22 | 6 |"), std::string::npos) << section;
    EXPECT_NE(section.find("| `malloc_free` | 64 | 20 | - | absent[^calibration-1] | 20 to 20 | 3 |"), std::string::npos)
        << section;
}

TEST(prices, calibrated_once_say_that_nothing_tells_their_drift) {
    MadeUpLoad run;
    run.costs("memcpy", 64, 10);
    EXPECT_FALSE(run.prices().both_times());
    EXPECT_NE(run.written(sections::calibration).find("measured by this run once, so that nothing tells"), std::string::npos);
}

TEST(prices, of_another_form_are_refused) {
    for (const char* const rows : {R"([{"name": "a", "ns": [1], "ns_after": [0]}])", "3", "[{}]", "[{\"name\": \"a\"}]",
                                   "[{\"name\": \"a\", \"ns\": [0]}]", "[{\"name\": \"a\", \"ns\": 3}]"})
        EXPECT_NE(refusal(ExitCode::data_refused,
                          [&] {
                              Prices({{"calibration", nlohmann::json::parse(rows)}}, "environment.json");
                          })
                      .find("environment.json: calibration"),
                  std::string::npos)
            << rows;
}

const CellKey ideal = load_cell("epoll/level/gathered_reply", Build::timed);

// 5000 and 4000 ns a request, counted and priced; the ideal allocates nothing.
MadeUpLoad described_and_ideal() {
    MadeUpLoad run;
    run.took(timed, 5000).took(ideal, 4000);
    count_epoll(run, counted);
    count_epoll(run, with_variant(ideal, ideal.variant, Build::counted), 0);
    price_epoll(run);
    return run;
}

TEST(waterfall, the_first_total_and_every_change_make_the_last) {
    MadeUpLoad run = described_and_ideal();
    const std::vector<Waterfall> both = waterfalls(run.load(), run.prices(), {});
    EXPECT_NE(both[0].descent.reason().find("this run holds no workload"), std::string::npos) << "no io_uring in this run";
    double sum = 0;
    const std::vector<Waterfall::Step>& steps = both[1].descent.value().steps;
    for (std::size_t index = 0; index + 1 < steps.size(); ++index) sum += steps[index].ns.value().value;
    EXPECT_NEAR(sum, 4000, 1e-9);
    EXPECT_NEAR(steps.back().ns.value().value, 4000, 1e-9);
    EXPECT_NEAR(steps[6].ns.value().value, -960, 1e-9) << "of 1000 saved, 40 by allocations";
}

TEST(waterfall, a_contrast_of_the_two_is_what_the_steps_are_held_against) {
    MadeUpLoad run = described_and_ideal();
    run.held_against("way", timed, ideal, 3000, 0.9);
    const std::vector<Waterfall> both = waterfalls(run.load(), run.prices(), run.contrasts());
    const Waterfall::Descent& descent = both[1].descent.value();
    EXPECT_EQ(descent.contrast, "way");
    EXPECT_NEAR(descent.difference.value().value, -300, 1);
    EXPECT_NEAR(descent.difference.value().low, -303, 0.5);
    EXPECT_NEAR(descent.difference.value().high, -297, 0.5);
    EXPECT_NEAR(descent.steps.front().ns.value().value, 3000, 1e-9);
    EXPECT_NEAR(descent.steps.back().ns.value().value, 2700, 1);
    EXPECT_NEAR(descent.steps[6].ns.value().value, -260, 1) << "of 300 saved, 40 by allocations";
    EXPECT_NEAR(descent.explained.value().value, 40.0 / 300, 1e-3);
}

TEST(waterfall, a_difference_that_may_be_none_has_no_explained_share) {
    MadeUpLoad run = described_and_ideal();
    run.held_against("way", timed, ideal, 3000, 1);
    const std::vector<Waterfall> both = waterfalls(run.load(), run.prices(), run.contrasts());
    const Waterfall::Descent& descent = both[1].descent.value();
    EXPECT_EQ(descent.explained.reason(), "the two may take as long as each other");
}

}  // namespace
}  // namespace tare
