// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/duration.h"

#include <gtest/gtest.h>

namespace tare::cli {
namespace {

TEST(duration, each_unit_is_seconds_and_a_number_alone_is_too) {
    EXPECT_DOUBLE_EQ(seconds_of("10s").value(), 10);
    EXPECT_DOUBLE_EQ(seconds_of("500ms").value(), 0.5);
    EXPECT_DOUBLE_EQ(seconds_of("250us").value(), 0.00025);
    EXPECT_DOUBLE_EQ(seconds_of("2m").value(), 120);
    EXPECT_DOUBLE_EQ(seconds_of("2min").value(), 120);
    EXPECT_DOUBLE_EQ(seconds_of("1.5h").value(), 5400);
    EXPECT_DOUBLE_EQ(seconds_of("0.3").value(), 0.3);
}

TEST(duration, what_is_no_number_or_has_another_unit_is_none) {
    for (const char* const text : {"", "s", "nan", "inf", "10x", "10 s", "10ss", "1d", "-", "ms500"})
        EXPECT_FALSE(seconds_of(text)) << text;
}

TEST(duration, it_is_written_in_its_largest_whole_unit) {
    EXPECT_EQ(duration_text(0.5), "500ms");
    EXPECT_EQ(duration_text(5), "5s");
    EXPECT_EQ(duration_text(120), "2m");
    EXPECT_EQ(duration_text(86400), "24h");
    EXPECT_EQ(duration_text(1e-6), "1us");
    EXPECT_EQ(duration_text(0), "0s");
}

TEST(duration, an_option_takes_it_within_its_limits_and_keeps_seconds) {
    CLI::App app;
    double seconds = 0;
    takes_duration(app.add_option("--for", seconds, ""), 0.1, 60);
    app.parse("--for 500ms");
    EXPECT_DOUBLE_EQ(seconds, 0.5);
    EXPECT_THROW(app.parse("--for 2m"), CLI::ValidationError);
    EXPECT_THROW(app.parse("--for 50ms"), CLI::ValidationError);
}

}  // namespace
}  // namespace tare::cli
