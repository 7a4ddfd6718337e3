// SPDX-License-Identifier: Apache-2.0
// A row of observations.csv comes back as it was written, and a departure from the contract is refused with its place.
#include "run/observation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "run/csv.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

Observation example(Measured<std::uint64_t> reading) {
    Observation seen;
    seen.cell = {{"uring", "oneshot", "as_described"}, Build::counted, Kind::request, "get_hit", 16, 64, 2, 3, Mode::lockstep};
    seen.repetition = 1;
    seen.source = Source::bpf;
    seen.quantity = {"syscalls", "io_uring_enter"};
    seen.divisor.count = 500;
    seen.reading = std::move(reading);
    return seen;
}

void expect_same(const Observation& left, const Observation& right) {
    EXPECT_EQ(left.cell, right.cell);
    EXPECT_EQ(left.repetition, right.repetition);
    EXPECT_EQ(left.source, right.source);
    EXPECT_EQ(left.quantity, right.quantity);
    EXPECT_EQ(left.divisor, right.divisor);
    EXPECT_EQ(left.reading, right.reading);
}

TEST(observation, a_line_has_the_columns_of_the_contract) {
    EXPECT_EQ(observation_header(),
              "server,wiring,rung,build,kind,op,key_bytes,value_bytes,connections,pipeline,mode,repetition,source,metric,detail,"
              "per,divisor,value,status\n");
    EXPECT_EQ(
        observation_line(example(1000U)),
        "uring,oneshot,as_described,counted,request,get_hit,16,64,2,3,lockstep,1,bpf,syscalls,io_uring_enter,request,500,1000,"
        "ok\n");
}

TEST(observation, an_external_build_is_foreign_in_the_file) {
    Observation seen = example(1U);
    seen.cell.build = Build::external;
    const std::string line = observation_line(seen);
    EXPECT_NE(line.find(",as_described,foreign,request,get_hit,"), std::string::npos) << line;
    const TemporaryFolder folder;
    const auto read = read_observations(folder.write("observations.csv", observation_header() + line));
    expect_same(read.rows.at(0), seen);
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
    EXPECT_EQ(read.schema, 2U);
    ASSERT_EQ(read.rows.size(), written.size());
    for (std::size_t index = 0; index < written.size(); ++index) expect_same(read.rows[index], written[index]);
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
    EXPECT_EQ(parse_reading("7", "ok", ""), Measured<std::uint64_t>(7U));
    EXPECT_EQ(parse_reading("", "absent:why", ""), Measured<std::uint64_t>(Absent{"why"}));
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
    EXPECT_TRUE(refused_text(observation_header() + good + "uring,oneshot\n").starts_with("/observations.csv:3: 2 fields"));
    EXPECT_TRUE(
        refused_text(observation_header() + good.substr(0, good.size() - 1) + ",more\n").starts_with("/observations.csv:2: 20"));
}

TEST(observation, every_column_of_numbers_refuses_what_is_none) {
    for (const std::size_t column : {6U, 7U, 8U, 9U, 11U, 16U, 17U}) {
        auto fields = parse_csv(observation_line(example(1U)), "").front().fields;
        fields[column] = "many";
        const std::string said = refused_text(observation_header() + csv_line(fields));
        EXPECT_EQ(said, "/observations.csv:2: " + std::string(observation_columns[column]) + " is 'many', not a count");
    }
}

struct Word {
    std::size_t column;
    const char* text;
    const char* said;
};

TEST(observation, every_column_of_words_refuses_what_is_none) {
    for (const Word& word :
         {Word{3, "external", "build is 'external', which is none of: counted, foreign, timed"},
          Word{4, "get", "kind is 'get', which is none of: request, idle, background, command"},
          Word{10, "fast", "mode is 'fast', which is none of: load, lockstep"},
          Word{12, "guess",
               "source is 'guess', which is none of: bpf, client, fdinfo, ledger, prediction, preload, proc, ptrace, rusage"},
          Word{13, "syscall", "metric is 'syscall', which is none (tare list metrics)"},
          Word{15, "second", "per is 'second', which is none of: request, ms, run"}, Word{16, "0", "divisor is 0"}}) {
        auto fields = parse_csv(observation_line(example(1U)), "").front().fields;
        fields[word.column] = word.text;
        EXPECT_EQ(refused_text(observation_header() + csv_line(fields)), std::string("/observations.csv:2: ") + word.said);
    }
}

TEST(observation, what_a_divisor_counts_must_fit_the_kind) {
    const auto line = [](Kind kind, Per per) {
        Observation seen = example(1U);
        seen.cell.kind = kind;
        seen.divisor.per = per;
        return observation_header() + observation_line(seen);
    };
    for (const auto& [kind, per] : {std::pair{Kind::request, Per::ms},
                                    {Kind::idle, Per::request},
                                    {Kind::idle, Per::run},
                                    {Kind::background, Per::request},
                                    {Kind::command, Per::request},
                                    {Kind::command, Per::ms}})
        EXPECT_EQ(refused_text(line(kind, per)),
                  fmt::format("/observations.csv:2: kind {} is not counted per {}", name_of(kind), name_of(per)));
    const TemporaryFolder folder;
    for (const auto& [kind, per] : {std::pair{Kind::request, Per::request},
                                    {Kind::request, Per::run},
                                    {Kind::idle, Per::ms},
                                    {Kind::background, Per::ms},
                                    {Kind::command, Per::run}}) {
        const Observation back = read_observations(folder.write("observations.csv", line(kind, per))).rows.at(0);
        EXPECT_EQ(back.cell.kind, kind);
        EXPECT_EQ(back.divisor, (Divisor{500, per}));
    }
}

constexpr const char* schema_1_header =
    "run,server,wiring,rung,build,op,key_bytes,value_bytes,connections,pipeline,mode,repetition,source,metric,detail,requests,"
    "value,status\n";

TEST(schema_1, operations_become_an_operation_and_a_kind) {
    const TemporaryFolder folder;
    const auto read = read_observations(
        folder.write("observations.csv", std::string(schema_1_header) +
                                             "r,epoll,level,get_into,timed,set,16,64,1,1,lockstep,1,bpf,sqes,,200,0,ok\n"
                                             "r,redis,,,foreign,idle,0,0,1,1,lockstep,0,bpf,syscalls,,1000,30,ok\n"
                                             "r,redis,,,foreign,get_hit_background,16,64,1,1,lockstep,0,bpf,copies,"
                                             "memcpy,70,,absent:gone\n"));
    EXPECT_EQ(read.schema, 1U);
    EXPECT_EQ(read.run, "r");
    ASSERT_EQ(read.rows.size(), 3U);
    expect_same(read.rows[0], {{{"epoll", "level", "get_into"}, Build::timed, Kind::request, "set", 16, 64, 1, 1, Mode::lockstep},
                               1,
                               Source::bpf,
                               {"sqes", ""},
                               {200, Per::request},
                               0U});
    expect_same(read.rows[1], {{{"redis", "", ""}, Build::external, Kind::idle, "", 0, 0, 1, 1, Mode::lockstep},
                               0,
                               Source::bpf,
                               {"syscalls", ""},
                               {1000, Per::ms},
                               30U});
    expect_same(read.rows[2], {{{"redis", "", ""}, Build::external, Kind::background, "get_hit", 16, 64, 1, 1, Mode::lockstep},
                               0,
                               Source::bpf,
                               {"copies", "memcpy"},
                               {70, Per::ms},
                               Absent{"gone"}});
}

TEST(schema_1, what_departs_from_it_is_refused_with_its_line) {
    const std::string good = "r,redis,,,foreign,get_hit,16,64,1,1,lockstep,0,bpf,syscalls,,100,300,ok\n";
    const std::string header = schema_1_header;
    EXPECT_EQ(refused_text(header + good + "x" + good), "/observations.csv:3: a row of run 'xr' among those of 'r'");
    EXPECT_EQ(refused_text(header + good + "r,redis\n"), "/observations.csv:3: 2 fields instead of 18");
    EXPECT_EQ(refused_text(observation_header() + good), "/observations.csv:2: 18 fields instead of 19");
    EXPECT_TRUE(refused_text(header + "r,redis,,,foreign,get_hit,16,64,1,1,lockstep,0,bpf,syscalls,,0,300,ok\n")
                    .starts_with("/observations.csv:2: divisor is 0"));
}

TEST(cell, is_named_by_all_that_tells_it_from_others) {
    CellKey cell{{"epoll", "level", "get_into"}, Build::counted, Kind::request, "set", 16, 64, 1, 1, Mode::lockstep};
    EXPECT_EQ(name_of(cell), "epoll/level/get_into counted set 16 64");
    cell = {{"redis", "", ""}, Build::external, Kind::request, "get_hit", 16, 64, 64, 4, Mode::load};
    EXPECT_EQ(name_of(cell), "redis external get_hit 16 64 x4 64 connections load");
    cell = {{"redis", "", ""}, Build::external, Kind::background, "get_hit", 16, 64, 1, 1, Mode::lockstep};
    EXPECT_EQ(name_of(cell), "redis external get_hit background 16 64");
    cell = {{"redis", "", ""}, Build::external, Kind::idle, "", 0, 0, 1, 1, Mode::lockstep};
    EXPECT_EQ(name_of(cell), "redis external idle");
    cell = {{"cp", "", ""}, Build::external, Kind::command, "command", 0, 0, 0, 0, Mode::lockstep};
    EXPECT_EQ(name_of(cell), "cp command");
    cell.mode = Mode::load;
    EXPECT_EQ(name_of(cell), "cp command timed");
}

TEST(variant_name, three_words_or_one) {
    EXPECT_EQ(to_string(parse_variant_name("uring/oneshot/as_described")), "uring/oneshot/as_described");
    EXPECT_EQ(to_string(parse_variant_name("memcached")), "memcached");
    for (const char* const wrong : {"", "a/b", "a/b/", "a//c", "/b/c", "a/b/c/d", "/"})
        refusal(ExitCode::usage, [&] { parse_variant_name(wrong); });
}

}  // namespace
}  // namespace tare
