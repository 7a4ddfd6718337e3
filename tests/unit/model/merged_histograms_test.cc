// SPDX-License-Identifier: Apache-2.0
// Percentiles of several repetitions together are in order whatever the repetitions hold, and their intervals are no narrower
// than what repetitions differ by.
#include "analysis/model/merged_histograms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "analysis/model/load_measurements.h"
#include "core/percentiles.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

class Repetitions {
public:
    Repetitions& add(const std::vector<std::uint64_t>& values) {
        Histogram histogram;
        for (const std::uint64_t value : values) histogram.record(value);
        rows_.push_back(
            histogram_row(load_cell("epoll/level/as_described", Build::timed), rows_.size(), "latency_ns", histogram));
        return *this;
    }
    std::map<std::string, Merged> percentiles() const {
        std::vector<const HistogramRow*> rows;
        for (const HistogramRow& row : rows_) rows.push_back(&row);
        return merged_percentiles(rows);
    }
    const std::vector<HistogramRow>& rows() const { return rows_; }

private:
    std::vector<HistogramRow> rows_;
};

// So many of 100, and a tail of as many at `high`.
std::vector<std::uint64_t> with_tail(std::size_t count, std::size_t tail, std::uint64_t high) {
    std::vector<std::uint64_t> values(count, 100);
    std::fill_n(values.begin(), tail, high);
    return values;
}

void expect_in_order(const std::map<std::string, Merged>& percentiles) {
    double value = 0, low = 0, high = 0;
    for (const auto& [name, percent] : named_percentiles) {
        const Measured<Estimate>& estimate = percentiles.at(name).estimate;
        if (!estimate.present()) continue;
        EXPECT_GE(estimate.value().value, value) << name;
        EXPECT_LE(estimate.value().low, estimate.value().value) << name;
        EXPECT_GE(estimate.value().high, estimate.value().value) << name;
        if (percent < 100) {
            EXPECT_GE(estimate.value().low, low) << name;
            EXPECT_GE(estimate.value().high, high) << name;
        }
        EXPECT_LE(estimate.value().value, percentiles.at("max").estimate.value().value) << name;
        value = estimate.value().value, low = estimate.value().low, high = estimate.value().high;
    }
}

// p99 from six repetitions, p99.9 from the two that are long enough for it: as medians over repetitions 5000 and 200.
TEST(merged_histograms, a_higher_percentile_never_lies_below_a_lower_one_also_where_fewer_repetitions_tell_of_it) {
    Repetitions repetitions;
    for (int index = 0; index < 4; ++index) repetitions.add(with_tail(2000, 40, 5000));
    for (int index = 0; index < 2; ++index) repetitions.add(with_tail(20'000, 100, 200));
    const auto percentiles = repetitions.percentiles();
    expect_in_order(percentiles);
    EXPECT_GE(percentiles.at("p99.9").estimate.value().value, 5000);
    EXPECT_TRUE(percentiles.at("p99.9").estimate.value().interval);
}

TEST(merged_histograms, they_are_in_order_for_anything_drawn) {
    std::mt19937_64 random(7);
    for (int trial = 0; trial < 20; ++trial) {
        Repetitions repetitions;
        const std::size_t count = 1 + random() % 9;
        for (std::size_t index = 0; index < count; ++index) {
            std::lognormal_distribution<double> latency_ns(8 + static_cast<double>(random() % 4), 1.5);
            std::vector<std::uint64_t> values(random() % 30'000);
            for (std::uint64_t& value : values) value = static_cast<std::uint64_t>(latency_ns(random));
            repetitions.add(values);
        }
        if (repetitions.percentiles().at("max").estimate.present()) expect_in_order(repetitions.percentiles());
    }
}

TEST(merged_histograms, the_merged_value_is_that_of_all_values_together) {
    Repetitions repetitions;
    for (std::uint64_t index = 0; index < 6; ++index) repetitions.add(std::vector<std::uint64_t>(1000, 10 * (index + 1)));
    const auto percentiles = repetitions.percentiles();
    EXPECT_EQ(percentiles.at("p50").estimate.value().value, 30);
    EXPECT_EQ(percentiles.at("p90").estimate.value().value, 60);
    EXPECT_EQ(percentiles.at("max").estimate.value().value, 60);
    EXPECT_EQ(percentiles.at("max").estimate.value().low, 10);
    EXPECT_FALSE(percentiles.at("max").estimate.value().interval);
    // Repetitions that differ so much leave the median open between nearly all of them.
    EXPECT_TRUE(percentiles.at("p50").estimate.value().interval);
    EXPECT_LE(percentiles.at("p50").estimate.value().low, 20);
    EXPECT_GE(percentiles.at("p50").estimate.value().high, 50);
}

TEST(merged_histograms, few_repetitions_give_their_range_and_few_values_nothing) {
    Repetitions repetitions;
    repetitions.add(with_tail(500, 10, 300)).add(with_tail(500, 0, 300));
    const auto percentiles = repetitions.percentiles();
    EXPECT_FALSE(percentiles.at("p90").estimate.value().interval);
    EXPECT_TRUE(percentiles.at("p99").estimate.present());  // ten of a thousand lie beyond, of five hundred do not
    EXPECT_EQ(percentiles.at("p99").estimate.value().high, 300);
    EXPECT_FALSE(percentiles.at("p99.9").estimate.present());
    EXPECT_EQ(percentiles.at("p99.9").estimate.reason(), "fewer than ten values beyond it");
    EXPECT_EQ(Repetitions{}.add({}).percentiles().at("p50").estimate.reason(), "no reply was due");
}

TEST(merged_histograms, a_run_without_histograms_says_so) {
    const Merged& merged =
        LoadMeasurements({}, {}).percentile(load_cell("epoll/level/as_described", Build::timed), "latency_ns", "p50");
    EXPECT_FALSE(merged.estimate.present());
    EXPECT_NE(merged.estimate.reason().find("no histogram"), std::string::npos);
}

TEST(merged_histograms, one_rate_is_named_and_several_are_not_passed_off_as_one) {
    const CellKey left = load_cell("epoll/level/as_described", Build::timed),
                  right = load_cell("uring/oneshot/as_described", Build::timed);
    MadeUpLoad run;
    run.saw(left, Source::client, {"offered_per_s", ""}, {500U, 500U})
        .saw(right, Source::client, {"offered_per_s", ""}, {500U, 500U});
    EXPECT_EQ(run.load().offered_text({left, right}), "at 500/s");
    run.saw(right, Source::client, {"offered_per_s", ""}, {700U});
    EXPECT_EQ(run.load().offered_text({left, right}), "at 500 to 700/s, not one rate for all");
}

}  // namespace
}  // namespace tare
