// SPDX-License-Identifier: Apache-2.0
// A row of observations.csv comes back as it was written, and a departure from the contract is refused with its place.
#include "run/observation.h"

#include <gtest/gtest.h>

#include <limits>

#include "run/csv.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

Observation example(Reading reading) {
    Observation seen;
    seen.run = "run-1";
    seen.cell = {{"uring", "oneshot", "as_described"}, "counted", "get_hit", 16, 64, 2, 3, "lockstep"};
    seen.repetition = 1;
    seen.source = "bpf";
    seen.quantity = {"syscalls", "io_uring_enter"};
    seen.requests = 500;
    seen.reading = std::move(reading);
    return seen;
}

void expect_same(const Observation& left, const Observation& right) {
    EXPECT_EQ(left.run, right.run);
    EXPECT_EQ(left.cell, right.cell);
    EXPECT_EQ(left.repetition, right.repetition);
    EXPECT_EQ(left.source, right.source);
    EXPECT_EQ(left.quantity, right.quantity);
    EXPECT_EQ(left.requests, right.requests);
    EXPECT_EQ(left.reading, right.reading);
}

TEST(observation, a_line_has_the_columns_of_the_contract) {
    EXPECT_EQ(observation_header(),
              "run,server,wiring,rung,build,op,key_bytes,value_bytes,connections,pipeline,mode,repetition,source,metric,detail,"
              "requests,value,status\n");
    EXPECT_EQ(observation_line(example(1000U)),
              "run-1,uring,oneshot,as_described,counted,get_hit,16,64,2,3,lockstep,1,bpf,syscalls,io_uring_enter,500,1000,ok\n");
}

TEST(observation, an_external_build_is_foreign_in_the_file) {
    Observation seen = example(1U);
    seen.cell.build = "external";
    const std::string line = observation_line(seen);
    EXPECT_NE(line.find(",as_described,foreign,get_hit,"), std::string::npos) << line;
    const TemporaryFolder folder;
    const auto read = read_observations(folder.write("observations.csv", observation_header() + line));
    expect_same(read.at(0), seen);
}

TEST(observation, an_absent_reading_has_a_reason_and_no_value) {
    const std::string line = observation_line(example(Absent{"no permission"}));
    EXPECT_TRUE(line.ends_with(",500,,absent:no permission\n")) << line;
}

TEST(observation, rows_come_back_as_they_were_written) {
    const std::vector<Observation> written{example(0U), example(std::numeric_limits<std::uint64_t>::max()),
                                           example(Absent{"kernel 6.1, \"lockdown\"\nsecond line"})};
    std::string text = observation_header();
    for (const Observation& seen : written) text += observation_line(seen);
    const TemporaryFolder folder;
    const auto read = read_observations(folder.write("observations.csv", text));
    ASSERT_EQ(read.size(), written.size());
    for (std::size_t index = 0; index < read.size(); ++index) expect_same(read[index], written[index]);
}

struct BadReading {
    const char* value;
    const char* status;
};

TEST(observation, a_reading_is_a_count_or_a_reason_and_nothing_else) {
    for (const BadReading& row :
         {BadReading{"", "ok"}, BadReading{"-1", "ok"}, BadReading{"+1", "ok"}, BadReading{"1.5", "ok"}, BadReading{" 1", "ok"},
          BadReading{"0x1", "ok"}, BadReading{"18446744073709551616", "ok"}, BadReading{"1", "OK"}, BadReading{"1", ""},
          BadReading{"", ""}, BadReading{"", "absent:"}, BadReading{"", "absent"}, BadReading{"0", "absent:lost events"}}) {
        const std::string said = refusal(ExitCode::data_refused, [&] { parse_reading(row.value, row.status, "file.csv:7"); });
        EXPECT_TRUE(said.starts_with("file.csv:7: ")) << row.value << ' ' << row.status << " → " << said;
    }
    EXPECT_EQ(parse_reading("7", "ok", ""), Reading(7U));
    EXPECT_EQ(parse_reading("", "absent:why", ""), Reading(Absent{"why"}));
}

std::string refused_text(const std::string& text) {
    const TemporaryFolder folder;
    const auto path = folder.write("observations.csv", text);
    return refusal(ExitCode::data_refused, [&] { read_observations(path); }).substr(folder.path().string().size());
}

TEST(observation, a_file_that_departs_from_the_contract_is_refused_with_its_line) {
    const std::string good = observation_line(example(1U));
    EXPECT_TRUE(refused_text("").starts_with("/observations.csv:1: "));
    EXPECT_TRUE(refused_text(good).starts_with("/observations.csv:1: "));
    EXPECT_TRUE(refused_text(observation_header() + good + "run-1,uring\n").starts_with("/observations.csv:3: 2 fields"));
    EXPECT_TRUE(
        refused_text(observation_header() + good.substr(0, good.size() - 1) + ",more\n").starts_with("/observations.csv:2: 19"));
}

TEST(observation, every_column_of_numbers_refuses_what_is_none) {
    for (const std::size_t column : {6U, 7U, 8U, 9U, 11U, 15U, 16U}) {
        auto fields = parse_csv(observation_line(example(1U)), "").front().fields;
        fields[column] = "many";
        const std::string said = refused_text(observation_header() + csv_line(fields));
        EXPECT_EQ(said, "/observations.csv:2: " + std::string(observation_columns[column]) + " is 'many', not a count");
    }
}

TEST(variant_name, three_words_or_one) {
    EXPECT_EQ(to_string(parse_variant_name("uring/oneshot/as_described")), "uring/oneshot/as_described");
    EXPECT_EQ(to_string(parse_variant_name("memcached")), "memcached");
    for (const char* const wrong : {"", "a/b", "a/b/", "a//c", "/b/c", "a/b/c/d", "/"})
        refusal(ExitCode::usage, [&] { parse_variant_name(wrong); });
}

}  // namespace
}  // namespace tare
