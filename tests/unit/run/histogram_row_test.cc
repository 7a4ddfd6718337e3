// SPDX-License-Identifier: Apache-2.0
// A histogram comes back from its row as it was, and a row that is none is refused.
#include "run/histogram_row.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

const CellKey cell{{"epoll", "level", "as_described"}, Build::timed, Kind::request, "get_hit", 16, 64, 64, 1, Mode::load};

TEST(histogram_row, what_was_recorded_comes_back) {
    Histogram histogram;
    std::mt19937_64 random(5);
    std::lognormal_distribution<double> latency_ns(11, 1);
    for (int index = 0; index < 10'000; ++index) histogram.record(static_cast<std::uint64_t>(latency_ns(random)));
    histogram.record(Histogram::tracked_max + 12'345);
    const HistogramRow row = histogram_row(cell, 3, "open_latency_ns", histogram);
    const TemporaryFolder folder;
    const auto rows = read_histograms(folder.write("histograms.csv", histogram_header() + histogram_line(row))).rows;
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].cell, cell);
    EXPECT_EQ(rows[0].repetition, 3U);
    EXPECT_EQ(rows[0].metric, "open_latency_ns");
    Histogram back;
    back.merge(rows[0].buckets, rows[0].sum, rows[0].max);
    EXPECT_EQ(back.filled_buckets(), histogram.filled_buckets());
    EXPECT_EQ(back.sum(), histogram.sum());
    EXPECT_EQ(back.max(), histogram.max());
    for (const double percent : {50.0, 99.0, 99.9, 100.0}) EXPECT_EQ(back.percentile(percent), histogram.percentile(percent));
}

TEST(histogram_row, of_nothing_recorded_there_is_a_row_too) {
    const TemporaryFolder folder;
    const auto rows =
        read_histograms(folder.write("h", histogram_header() + histogram_line(histogram_row(cell, 0, "late_ns", Histogram{}))))
            .rows;
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_TRUE(rows[0].buckets.empty());
}

TEST(histogram_row, one_of_schema_1_is_read) {
    const TemporaryFolder folder;
    const auto read = read_histograms(
        folder.write("h",
                     "run,server,wiring,rung,build,op,key_bytes,value_bytes,connections,pipeline,mode,repetition,metric,sum,max,"
                     "buckets\nr,epoll,level,as_described,timed,get_hit,16,64,64,1,load,2,latency_ns,30,20,10:1 20:1\n"));
    EXPECT_EQ(read.run, "r");
    ASSERT_EQ(read.rows.size(), 1U);
    EXPECT_EQ(read.rows[0].cell, cell);
    EXPECT_EQ(read.rows[0].repetition, 2U);
    EXPECT_EQ(read.rows[0].metric, "latency_ns");
    EXPECT_EQ(read.rows[0].sum, 30U);
    EXPECT_EQ(read.rows[0].buckets.size(), 2U);
}

TEST(histogram_row, what_is_no_histogram_is_refused_with_its_line) {
    const TemporaryFolder folder;
    const std::string line = "epoll,level,as_described,timed,request,get_hit,16,64,64,1,load,0,latency_ns,9,9,";
    for (const char* const buckets : {"9", "9:", "9:x", "9:0", "9:1 8:1", "9:1 9:1", "9:1  10:1", "-1:1", "1099511627776:1"}) {
        const auto path = folder.write("h", histogram_header() + line + buckets + "\n");
        EXPECT_NE(refusal(ExitCode::data_refused, [&] { read_histograms(path); }).find(path.string() + ":2: "), std::string::npos)
            << buckets;
    }
    EXPECT_NE(refusal(ExitCode::data_refused, [&] { read_histograms(folder.write("h", "run\n")); }).find("header"),
              std::string::npos);
}

}  // namespace
}  // namespace tare
