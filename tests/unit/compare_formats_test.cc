// SPDX-License-Identifier: Apache-2.0
// The formats of `tare compare` with names that mean harm, and with more rows than fit. That other programs read them is for
// the end-to-end tests.
#include "analysis/compare/formats/formats.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/compare/plain_text.h"
#include "tests/unit/made_up_comparison.h"

namespace tare {
namespace {

using compare::Comparison;
using nlohmann::json;

TEST(plain_text, controls_are_seen_and_bytes_that_are_no_text_replaced) {
    EXPECT_EQ(compare::plain("caf\xc3\xa9 \xe2\x86\x92"), "caf\xc3\xa9 \xe2\x86\x92");
    EXPECT_EQ(compare::plain("\x1b[31mred\r\n\t"), "\\x1b[31mred\\x0d\\x0a\\x09");
    EXPECT_EQ(compare::plain(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(compare::plain("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(compare::plain("\xe2\x80\xae"
                             "evil"),
              "\\u202eevil");
    EXPECT_EQ(compare::plain("\xef\xbf\xbf"), "\\uffff");
}

// A foreign server's name and parts, as a CSV may hold them.
constexpr const char* hostile =
    "</x>]]>&\"'|`<script>alert(1)</script>\x1b[2J\r\n::error::pwned%0A\xff @everyone #1 **b** \xe2\x80\xae"
    "end";

Comparison hostile_comparison() {
    MadeUpComparison runs;
    CellKey cell = MadeUpFolder::lockstep();
    cell.variant = {hostile, "", ""};
    cell.op = hostile;
    for (const std::uint64_t repetition : {0U, 1U}) {
        runs.base.row(cell, repetition, "bpf", {"syscalls", ""}, 1, 1U);
        runs.head.row(cell, repetition, "bpf", {"syscalls", ""}, 1, 2U);
        runs.head.row(cell, repetition, "bpf", {"syscalls", hostile}, 1, 1U);
        runs.base.row(cell, repetition, "bpf", {"copies", ""}, 1, 1U);
        runs.head.row(cell, repetition, "bpf", {"copies", ""}, 1, Absent{hostile});
    }
    runs.base.environment["machine"] = "one";
    // A JSON file is UTF-8 or it is no JSON; the rest of the harm passes through it.
    std::string text = hostile;
    std::erase(text, '\xff');
    runs.head.environment["machine"] = text;
    runs.head.environment["warnings"] = {text};
    runs.forced = {"machine"};
    return runs.compared();
}

TEST(formats, no_control_character_and_no_invalid_text_gets_through) {
    const Comparison comparison = hostile_comparison();
    for (const compare::Format& format : compare::formats) {
        SCOPED_TRACE(format.name);
        std::string text = format.write(comparison);
        EXPECT_FALSE(text.empty());
        std::erase(text, '\n');
        std::erase(text, '\t');
        EXPECT_EQ(compare::plain(text), text);
    }
}

TEST(formats, json_stays_json_and_holds_the_name) {
    const Comparison comparison = hostile_comparison();
    const json document = json::parse(compare::json_format(comparison));
    EXPECT_EQ(document["exit_code"], 1);
    EXPECT_EQ(document["rows"][0]["cell"]["server"], compare::plain(hostile));
    EXPECT_EQ(document["rows"].size(), 3U);
    EXPECT_EQ(json::parse(compare::benchmark_format(comparison))["benchmarks"].size(), 10U);
    EXPECT_EQ(json::parse(compare::github_action_benchmark_format(comparison)).size(), 1U);
    const json bencher = json::parse(compare::bencher_format(comparison));
    ASSERT_EQ(bencher.size(), 1U);
    EXPECT_EQ(bencher.begin().value()["syscalls-bpf"]["value"], 2.0);
}

TEST(formats, markdown_holds_data_as_code_only) {
    const std::string text = compare::markdown_format(hostile_comparison());
    bool code = false;
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (text[index] == '`') code = !code;
        const bool harmful = text.compare(index, 7, "<script") == 0 || text.compare(index, 9, "@everyone") == 0;
        EXPECT_TRUE(!harmful || code) << index;
    }
    EXPECT_FALSE(code);
}

TEST(formats, an_annotation_is_one_command_a_line) {
    const std::string text = compare::annotations_format(hostile_comparison());
    std::size_t lines = 0;
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
        const std::string line = text.substr(begin, text.find('\n', begin) - begin);
        EXPECT_TRUE(line.starts_with("::error title=tare") || line.starts_with("::warning title=tare") ||
                    line.starts_with("::notice title=tare"))
            << line;
        EXPECT_EQ(line.find("%0A"), std::string::npos);  // from the data: its % is escaped
        ++lines;
    }
    // One crossed, one that could not be judged, the watermark, the run's warning, the summary.
    EXPECT_EQ(lines, 5U);
}

TEST(formats, colour_means_better_or_worse_and_only_that) {
    MadeUpComparison runs;
    runs.base.count("bpf", {"syscalls", ""}, 3).count("bpf", {"copies", ""}, 3).count("bpf", {"sent_bytes", ""}, 3);
    runs.head.count("bpf", {"syscalls", ""}, 4).count("bpf", {"copies", ""}, 2).count("bpf", {"sent_bytes", ""}, 4);
    const std::string text = compare::text_format(runs.compared(), true);
    EXPECT_NE(text.find("\x1b[31mworse\x1b[0m"), std::string::npos);
    EXPECT_NE(text.find("\x1b[32mbetter\x1b[0m"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\x1b'), 4);
    EXPECT_NE(text.find("changed"), std::string::npos);
}

TEST(formats, no_difference_is_short_and_says_what_was_compared) {
    MadeUpComparison runs;
    for (MadeUpFolder* const run : {&runs.base, &runs.head})
        run->count("bpf", {"syscalls", ""}, 3).count("bpf", {"copies", ""}, 0);
    const std::string text = compare::text_format(runs.compared(), false);
    EXPECT_NE(text.find("\n2 quantities of 1 cell: 2 same\ngate passed\n"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8);
}

TEST(formats, markdown_stays_below_64_kib_and_says_what_it_left_out) {
    MadeUpComparison runs;
    CellKey cell = MadeUpFolder::lockstep();
    for (cell.value_bytes = 1; cell.value_bytes <= 1000; ++cell.value_bytes) {
        for (const std::uint64_t repetition : {0U, 1U}) {
            runs.base.row(cell, repetition, "bpf", {"syscalls", ""}, 1, 1U).row(cell, repetition, "bpf", {"copies", ""}, 1, 2U);
            runs.head.row(cell, repetition, "bpf", {"syscalls", ""}, 1, 2U).row(cell, repetition, "bpf", {"copies", ""}, 1, 1U);
        }
    }
    runs.head.environment["warnings"] = {std::string(100'000, 'w')};
    const std::string text = compare::markdown_format(runs.compared());
    EXPECT_LT(text.size(), 64U * 1024);
    EXPECT_GT(text.size(), 60U * 1024);
    EXPECT_NE(text.find("pieces of this section left out"), std::string::npos);
    EXPECT_NE(text.find("sections left out"), std::string::npos);
    EXPECT_NE(text.find("gate crossed by 1000 quantities"), std::string::npos);
    EXPECT_NE(text.find("\nbase `r (revision unknown)`"), std::string::npos);
}

}  // namespace
}  // namespace tare
