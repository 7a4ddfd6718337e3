// SPDX-License-Identifier: Apache-2.0
// CSV keeps every text whole, knows the line of every row, and says where it is malformed.
#include "run/csv.h"

#include <gtest/gtest.h>

#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

using Fields = std::vector<std::string>;

TEST(csv, only_what_must_be_quoted_is_quoted) {
    EXPECT_EQ(csv_line({"plain", "a,b", "say \"so\"", "", "two words"}), "plain,\"a,b\",\"say \"\"so\"\"\",,two words\n");
}

TEST(csv, a_line_ends_with_lf_alone) { EXPECT_EQ(csv_line({"a", "b"}), "a,b\n"); }

TEST(csv, every_text_survives_a_round_trip) {
    const Fields texts{
        "plain",        "",  "a,b", "\"", "\"\"quoted\"\"", "line\nbreak", "carriage\r\nreturn", " edges ", "\t ", "\xc3\xa9",
        "ends with \n", ",", "a\"b"};
    const auto rows = parse_csv(csv_line(texts) + csv_line(texts), "here");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].fields, texts);
    EXPECT_EQ(rows[1].fields, texts);
}

TEST(csv, a_row_knows_the_line_on_which_it_ends) {
    const auto rows = parse_csv("a,b\n\"one\ntwo\nthree\",c\nd,e\n", "here");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].line, 1U);
    EXPECT_EQ(rows[1].line, 4U);
    EXPECT_EQ(rows[2].line, 5U);
    EXPECT_EQ(rows[1].fields, (Fields{"one\ntwo\nthree", "c"}));
}

TEST(csv, a_last_line_without_its_end_is_a_row) {
    const auto rows = parse_csv("a,b\nc,d", "here");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].fields, (Fields{"c", "d"}));
    EXPECT_EQ(rows[1].line, 2U);
}

TEST(csv, no_text_has_no_rows) { EXPECT_TRUE(parse_csv("", "here").empty()); }

struct Malformed {
    const char* text;
    const char* place;
};

TEST(csv, malformed_text_is_refused_with_its_place) {
    for (const Malformed& row : {Malformed{"a,b\nc,\"d\n", "file.csv:2: "}, Malformed{"a,b\nc\"c,d\n", "file.csv:2: "},
                                 Malformed{"\"a\"b,c\n", "file.csv:1: "}, Malformed{"a\n\"b\nc", "file.csv:3: "}}) {
        const std::string said = refusal(ExitCode::data_refused, [&] { parse_csv(row.text, "file.csv"); });
        EXPECT_TRUE(said.starts_with(row.place)) << row.text << " → " << said;
        EXPECT_GT(said.size(), std::string(row.place).size()) << "it must say what is wrong";
    }
}

TEST(csv, a_missing_file_is_refused_by_name) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "none.csv";
    const std::string said = refusal(ExitCode::data_refused, [&] { read_csv(path); });
    EXPECT_NE(said.find(path.string()), std::string::npos) << said;
}

TEST(csv, a_file_is_read_as_bytes) {
    const TemporaryFolder folder;
    const std::string bytes("a\0b\r\n\xff", 6);
    EXPECT_EQ(read_file(folder.write("bytes", bytes)), bytes);
}

}  // namespace
}  // namespace tare
