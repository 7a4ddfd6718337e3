// SPDX-License-Identifier: Apache-2.0
// What `tare stat` writes: exact, a range, or absent; and a part that one run lacks beside its total.
#include "harness/trace/series.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

CountedCommand counted(Snapshot counts) { return {{{Source::bpf, std::move(counts)}}, 0, 1}; }

const CommandSeries writer{{"./writer"},
                           {counted({{{"syscalls", ""}, 7}, {{"syscalls", "write"}, 7}, {{"copies", ""}, 3}}),
                            counted({{{"syscalls", ""}, 9}, {{"syscalls", "write"}, 9}, {{"copies", ""}, 3}})}};
const CommandSeries reader{{"./reader"},
                           {counted({{{"syscalls", ""}, 7}, {{"syscalls", "read"}, 7}, {{"copies", ""}, Absent{"stripped"}}})}};

TEST(Series, AMissingPartIsZeroBesideItsTotalAndAbsentWithoutOne) {
    const std::vector<CountedCommand> both{writer.repetitions[0], reader.repetitions[0]};
    for (const auto& [quantity, readings] : rows_of(both)) {
        ASSERT_EQ(readings.size(), 2U);
        if (quantity.detail == "write") {
            EXPECT_EQ(readings[1], Measured<std::uint64_t>(0));
        }
        if (quantity.detail == "read") {
            EXPECT_EQ(readings[0], Measured<std::uint64_t>(0));
        }
        if (quantity.metric == "copies") {
            EXPECT_EQ(readings[1], Measured<std::uint64_t>(Absent{"stripped"}));
        }
    }
}

TEST(Series, SpreadIsExactOnlyWhereAllAgree) {
    EXPECT_TRUE(spread_of({5, 5}).value().exact());
    const Spread spread = spread_of({9, 2, 5}).value();
    EXPECT_FALSE(spread.exact());
    EXPECT_EQ(spread.least, 2U);
    EXPECT_EQ(spread.median, 5U);
    EXPECT_EQ(spread.most, 9U);
    EXPECT_FALSE(spread_of({5, Absent{"lost"}}).present());
}

TEST(Series, TextHasRangesDifferencesAndReasons) {
    const std::string text = as_text(writer, &reader);
    EXPECT_NE(text.find("9 (7 to 9)"), std::string::npos) << text;
    EXPECT_NE(text.find("+2 (+0 to +2)"), std::string::npos) << text;
    EXPECT_NE(text.find("absent in other: copies: stripped"), std::string::npos) << text;
    EXPECT_EQ(text.find("absent in command"), std::string::npos) << text;
}

TEST(Series, MarkdownIsTheSameTableWithNamesAsCode) {
    const std::string text = as_markdown(writer, &reader);
    EXPECT_NE(text.find("| quantity | other | command | command less other |"), std::string::npos) << text;
    EXPECT_NE(text.find("| `syscalls` | 7 | 9 (7 to 9) | +2 (+0 to +2) |"), std::string::npos) << text;
    EXPECT_NE(text.find("| · `write` |"), std::string::npos) << text;
    EXPECT_NE(text.find("- `absent in other: copies: stripped`"), std::string::npos) << text;
    const CommandSeries odd{{"./a|`b"}, writer.repetitions};
    EXPECT_NE(as_markdown(odd, nullptr).find("`./a\\|'b`: 2 x exit code 0"), std::string::npos) << as_markdown(odd, nullptr);
}

TEST(Series, CsvKeepsRepetitionsAndCommandsApart) {
    const std::string text = as_csv(writer, &reader);
    EXPECT_NE(text.find("\nwriter,,,foreign,command,command,0,0,0,0,lockstep,1,bpf,syscalls,write,run,1,9,ok\n"),
              std::string::npos);
    EXPECT_NE(text.find("\nreader,,,foreign,command,other_command,0,0,0,0,lockstep,0,bpf,copies,,run,1,,absent:stripped\n"),
              std::string::npos);
}

}  // namespace
}  // namespace tare
