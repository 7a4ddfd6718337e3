// SPDX-License-Identifier: Apache-2.0
// A slice of a contrast comes back from its row as it was, and a row that is none is refused with its line.
#include "run/contrast_row.h"

#include <gtest/gtest.h>

#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

constexpr const char* header =
    "contrast,generation,block,order,subject,role,requests,server_cpu_ns,client_cpu_ns,window_ns,latency_p50_ns,marks,status\n";

ContrastRow slice() {
    ContrastRow row;
    row.contrast = "ideals, pipeline 16";
    row.generation = 2;
    row.block = 9;
    row.order = 3;
    row.subject = "epoll/level/as_described";
    row.role = ContrastRole::control;
    row.requests = 1234;
    row.server_cpu_ns = 5'000'000;
    row.client_cpu_ns = 4'000'000;
    row.window_ns = 20'000'000;
    row.latency_p50_ns = 61'000;
    row.marks = "client_bound steal?";
    return row;
}

std::vector<ContrastRow> read(const std::string& lines) {
    const TemporaryFolder folder;
    return read_contrasts(folder.write("contrasts.csv", header + lines));
}

std::string refused(const std::string& lines) {
    return refusal(ExitCode::data_refused, [&] { read(lines); });
}

TEST(contrast_row, the_header_is_the_contract) { EXPECT_EQ(contrast_header(), header); }

TEST(contrast_row, what_was_measured_comes_back) {
    const auto rows = read(contrast_line(slice()));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].contrast, "ideals, pipeline 16");
    EXPECT_EQ(rows[0].generation, 2U);
    EXPECT_EQ(rows[0].block, 9U);
    EXPECT_EQ(rows[0].order, 3U);
    EXPECT_EQ(rows[0].subject, "epoll/level/as_described");
    EXPECT_EQ(rows[0].role, ContrastRole::control);
    EXPECT_EQ(rows[0].requests.value(), 1234U);
    EXPECT_EQ(rows[0].server_cpu_ns.value(), 5'000'000U);
    EXPECT_EQ(rows[0].client_cpu_ns.value(), 4'000'000U);
    EXPECT_EQ(rows[0].window_ns.value(), 20'000'000U);
    EXPECT_EQ(rows[0].latency_p50_ns.value(), 61'000U);
    EXPECT_EQ(rows[0].marks, "client_bound steal?");
}

TEST(contrast_row, what_is_absent_stays_absent_with_its_reason) {
    ContrastRow part = slice();
    part.server_cpu_ns = Absent{"the server has 3 processes"};
    const auto rows = read(contrast_line(part) + contrast_line(absent_contrast_row(slice(), "no io_uring, here")));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].server_cpu_ns.reason(), "the server has 3 processes");
    EXPECT_EQ(rows[0].requests.value(), 1234U);
    for (const auto& value :
         {rows[1].requests, rows[1].server_cpu_ns, rows[1].client_cpu_ns, rows[1].window_ns, rows[1].latency_p50_ns}) {
        ASSERT_FALSE(value.present());
        EXPECT_EQ(value.reason(), "no io_uring, here");
    }
    EXPECT_EQ(rows[1].marks, "");
}

TEST(contrast_row, a_file_of_another_header_is_refused) {
    const TemporaryFolder folder;
    for (const std::string text : {"", "contrast,block\n"}) {
        const std::string said = refusal(ExitCode::data_refused, [&] { read_contrasts(folder.write("contrasts.csv", text)); });
        EXPECT_NE(said.find("contrasts.csv:1: not the header"), std::string::npos) << said;
    }
}

struct Wrong {
    const char* line;
    const char* said;
};

TEST(contrast_row, a_row_that_is_none_is_refused_with_its_line) {
    for (const auto& [line, said] : {
             Wrong{"c,0,0,0,s,first,1,2,3,4,5,ok\n", "12 fields instead of 13"},
             Wrong{"c,x,0,0,s,first,1,2,3,4,5,,ok\n", "generation is 'x', not a count"},
             Wrong{"c,0,0,0,s,second,1,2,3,4,5,,ok\n", "role is 'second', which is none of: first, other, control"},
             Wrong{"c,0,0,0,s,first,1,,3,4,5,,ok\n", "server_cpu_ns is empty, yet status is ok"},
             Wrong{"c,0,0,0,s,first,1,-2,3,4,5,,ok\n", "server_cpu_ns is '-2', not a count"},
             Wrong{"c,0,0,0,s,first,1,2,3,4,5,,absent:why\n", "status is 'absent:why', yet no value is empty"},
             Wrong{"c,0,0,0,s,first,1,,3,4,5,,absent:\n", "neither ok nor absent with a reason"},
             Wrong{"c,0,0,0,s,first,1,,3,4,5,,0\n", "neither ok nor absent with a reason"},
             Wrong{",0,0,0,s,first,1,2,3,4,5,,ok\n", "a slice of nothing"},
             Wrong{"c,0,0,0,,first,1,2,3,4,5,,ok\n", "a slice of nothing"},
         }) {
        const std::string refused_with = refused(line);
        EXPECT_NE(refused_with.find("contrasts.csv:2: "), std::string::npos) << refused_with;
        EXPECT_NE(refused_with.find(said), std::string::npos) << refused_with;
    }
}

TEST(contrast_row, blocks_stand_in_the_order_of_time) {
    const std::string later = "c,1,4,0,s,first,1,2,3,4,5,,ok\n";
    EXPECT_EQ(read(later + "d,0,0,0,s,first,1,2,3,4,5,,ok\n").size(), 2U);
    EXPECT_NE(refused(later + "c,1,3,0,s,first,1,2,3,4,5,,ok\n").find("contrasts.csv:3: a block of an earlier"),
              std::string::npos);
    EXPECT_NE(refused(later + "c,0,4,0,s,first,1,2,3,4,5,,ok\n").find("contrasts.csv:3: a block of an earlier"),
              std::string::npos);
}

}  // namespace
}  // namespace tare
