// SPDX-License-Identifier: Apache-2.0
// Each metric says itself what its values are; what a name looks like decides nothing.
#include "core/metric.h"

#include <gtest/gtest.h>

#include <set>

namespace tare {
namespace {

TEST(metric, each_name_is_there_once) {
    std::set<std::string_view> names;
    for (const Metric& metric : metrics) EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
}

TEST(metric, its_unit_fits_how_it_is_put_together) {
    for (const Metric& metric : metrics) {
        EXPECT_EQ(metric.unit == "ns", metric.is_time()) << metric.name;
        EXPECT_EQ(metric.unit == "bytes", metric.aggregation == Aggregation::bytes || metric.aggregation == Aggregation::level)
            << metric.name;
        EXPECT_EQ(metric.unit.ends_with("/s"), metric.aggregation == Aggregation::rate) << metric.name;
    }
}

TEST(metric, a_percentile_is_a_time_and_no_sum) {
    EXPECT_TRUE(metric_of("latency_percentile_ns").is_time());
    EXPECT_FALSE(metric_of("latency_percentile_ns").is_sum());
    EXPECT_TRUE(metric_of("latency_ns").is_sum());
    EXPECT_FALSE(metric_of("offered_per_s").is_sum());
    EXPECT_FALSE(metric_of("offered_per_s").is_time());
}

TEST(metric, a_name_that_is_none_is_a_counter_of_events_whatever_it_ends_in) {
    const Metric& own = metric_of("lock_percentile_ns");
    EXPECT_EQ(own.aggregation, Aggregation::count);
    EXPECT_TRUE(own.is_sum());
    EXPECT_FALSE(own.is_time());
    EXPECT_EQ(place_in_table("lock_percentile_ns"), metrics.size());
    EXPECT_EQ(place_in_table("syscalls"), 0U);
}

}  // namespace
}  // namespace tare
