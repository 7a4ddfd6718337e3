// SPDX-License-Identifier: Apache-2.0
// The formats of `tare compare` with names that mean harm, and with more rows than fit. That other programs read them is for
// the end-to-end tests.
#include "analysis/compare/formats/formats.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/plain_text.h"
#include "tests/unit/compare/made_up_comparison.h"

namespace tare {
namespace {

using compare::Comparison;
using nlohmann::json;

TEST(plain_text, controls_are_seen_and_bytes_that_are_no_text_replaced) {
    EXPECT_EQ(plain("caf\xc3\xa9 \xe2\x86\x92"), "caf\xc3\xa9 \xe2\x86\x92");
    EXPECT_EQ(plain("\x1b[31mred\r\n\t"), "\\x1b[31mred\\x0d\\x0a\\x09");
    EXPECT_EQ(plain(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(plain("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(plain("\xe2\x80\xae"
                    "evil"),
              "\\u202eevil");
    EXPECT_EQ(plain("\xef\xbf\xbf"), "\\uffff");
}

// An external server's name and parts, as a CSV may hold them.
constexpr const char* hostile =
    "</x>]]>&\"'|`<script>alert(1)</script>\x1b[2J\r\n::error::pwned%0A\xff @everyone #1 **b** \xe2\x80\xae"
    "end";

Comparison hostile_comparison() {
    MadeUpComparison runs;
    CellKey cell = MadeUpFolder::lockstep();
    cell.variant = {hostile, "", ""};
    cell.op = hostile;
    for (const std::uint64_t repetition : {0U, 1U}) {
        runs.base.row(cell, repetition, Source::bpf, {"syscalls", ""}, 1, 1U);
        runs.head.row(cell, repetition, Source::bpf, {"syscalls", ""}, 1, 2U);
        runs.head.row(cell, repetition, Source::bpf, {"syscalls", hostile}, 1, 1U);
        runs.base.row(cell, repetition, Source::bpf, {"copies", ""}, 1, 1U);
        runs.head.row(cell, repetition, Source::bpf, {"copies", ""}, 1, Absent{hostile});
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
        EXPECT_EQ(plain(text), text);
    }
}

TEST(formats, json_stays_json_and_holds_the_name) {
    const Comparison comparison = hostile_comparison();
    const json document = json::parse(compare::json_format(comparison));
    EXPECT_EQ(document["exit_code"], 1);
    EXPECT_EQ(document["rows"][0]["cell"]["server"], plain(hostile));
    EXPECT_EQ(document["rows"].size(), 3U);
    // One entry more than what was counted: copies, which the head lacks.
    EXPECT_EQ(json::parse(compare::benchmark_format(comparison))["benchmarks"].size(), 11U);
    const json figures = json::parse(compare::github_action_benchmark_format(comparison));
    ASSERT_EQ(figures.size(), 2U);
    EXPECT_EQ(std::count_if(figures.begin(), figures.end(), [](const json& each) { return each["value"] == "absent"; }), 1);
    const json bencher = json::parse(compare::bencher_format(comparison));
    ASSERT_EQ(bencher.size(), 1U);
    EXPECT_EQ(bencher.begin().value()["syscalls-bpf"]["value"], 2.0);
}

// Six repetitions, one of the head's stolen from; a quantity that the head cannot tell, and one that it does not have.
Comparison doubtful_comparison() {
    MadeUpComparison runs;
    const CellKey cell = MadeUpFolder::load();
    for (MadeUpFolder* const run : {&runs.base, &runs.head})
        run->times(Source::rusage, {"cpu_ns", ""}, {1000, 1010, 1020, 1030, 1040, 1050})
            .times(Source::bpf, {"context_switches", ""}, {100, 100, 100, 100, 100, 100})
            .times(Source::client, {"marks", ""}, {0, 0, 0, 0, 0, 0});
    runs.head.row(cell, 2, Source::client, {"marks", "steal"}, 10, 1U);
    runs.base.times(Source::bpf, {"syscalls", ""}, {30, 30}).times(Source::bpf, {"copies", ""}, {40, 40});
    runs.head.row(cell, 0, Source::bpf, {"syscalls", ""}, 10, Absent{"no such probe"});
    runs.head.row(cell, 1, Source::bpf, {"syscalls", ""}, 10, Absent{"no such probe"});
    return runs.compared();
}

TEST(formats, json_says_which_windows_are_marked_and_what_is_absent_of_every_row) {
    const json rows = json::parse(compare::json_format(doubtful_comparison()))["rows"];
    const auto row = [&](const char* metric) {
        return *std::find_if(rows.begin(), rows.end(), [&](const json& each) { return each["metric"] == metric; });
    };
    EXPECT_EQ(row("cpu_ns")["marks"], json({{"head", {{"steal", 1}}}}));
    EXPECT_EQ(row("context_switches")["marks"], json({{"head", {{"steal", 1}}}}));  // the same, and marked all the same
    EXPECT_EQ(row("context_switches")["windows"]["head"][2]["marks"], "steal");
    EXPECT_EQ(row("syscalls")["head"], nullptr);
    EXPECT_EQ(row("syscalls")["head_absent"], "absent: no such probe");
    EXPECT_EQ(row("copies")["head_absent"], "not in this run");
    EXPECT_FALSE(row("copies").contains("base_absent"));
}

TEST(formats, google_benchmarks_entries_have_marks_as_labels_and_absence_as_an_error_without_a_time) {
    const json entries = json::parse(compare::benchmark_format(doubtful_comparison()))["benchmarks"];
    std::size_t labelled = 0, absent = 0;
    for (const json& entry : entries) {
        if (entry.contains("label")) {
            ++labelled;
            EXPECT_EQ(entry["label"], "marks: steal");
        }
        if (!entry.contains("error_occurred")) continue;
        ++absent;
        EXPECT_FALSE(entry.contains("real_time"));
        EXPECT_TRUE(entry["name"].get<std::string>().starts_with("head/"));
        EXPECT_EQ(entry["run_type"], "aggregate");
    }
    EXPECT_EQ(labelled, 2U);
    EXPECT_EQ(absent, 2U);
}

TEST(formats, the_actions_points_say_marks_and_absence_and_no_point_is_missing) {
    const json points = json::parse(compare::github_action_benchmark_format(doubtful_comparison()));
    ASSERT_EQ(points.size(), 4U);
    std::size_t absent = 0, marked = 0;
    for (const json& point : points) {
        const auto extra = point["extra"].get<std::string>();
        if (extra.find("marks: head: steal in 1 of 6 windows") != std::string::npos) ++marked;
        if (point["value"] == "absent") ++absent;
        EXPECT_EQ(point["value"] == "absent", extra.find("head absent: no such probe") != std::string::npos ||
                                                  extra.find("head not in this run") != std::string::npos);
    }
    EXPECT_EQ(absent, 2U);
    EXPECT_EQ(marked, 2U);
}

TEST(formats, benchers_numbers_have_measures_beside_them_for_marked_and_absent_windows) {
    const json document = json::parse(compare::bencher_format(doubtful_comparison()));
    ASSERT_EQ(document.size(), 1U);
    const json& measures = document.begin().value();
    EXPECT_EQ(measures["cpu-ns-rusage-marked-windows"]["value"], 1);
    EXPECT_EQ(measures["syscalls-bpf-absent-windows"]["value"], 2);
    EXPECT_EQ(measures["copies-bpf-absent-windows"]["value"], 2);
    EXPECT_FALSE(measures.contains("syscalls-bpf"));
    for (const auto& [name, measure] : measures.items()) {
        EXPECT_TRUE(measure["value"].is_number()) << name;
        EXPECT_LE(name.size(), 64U);  // of a slug
    }
}

TEST(formats, junit_and_markdown_say_the_marks) {
    const Comparison comparison = doubtful_comparison();
    const std::string junit = compare::junit_format(comparison);
    EXPECT_NE(junit.find("<system-out>marks: head: steal in 1 of 6 windows</system-out>"), std::string::npos) << junit;
    const std::string markdown = compare::markdown_format(comparison);
    EXPECT_NE(markdown.find("head: steal"), std::string::npos) << markdown;
    EXPECT_NE(markdown.find("no such probe"), std::string::npos) << markdown;
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
    // One crossed, one that could not be judged, the forced_notice, the run's warning, the summary.
    EXPECT_EQ(lines, 5U);
}

TEST(formats, colour_means_better_or_worse_and_only_that) {
    MadeUpComparison runs;
    runs.base.count(Source::bpf, {"syscalls", ""}, 3)
        .count(Source::bpf, {"copies", ""}, 3)
        .count(Source::bpf, {"sent_bytes", ""}, 3);
    runs.head.count(Source::bpf, {"syscalls", ""}, 4)
        .count(Source::bpf, {"copies", ""}, 2)
        .count(Source::bpf, {"sent_bytes", ""}, 4);
    const std::string text = compare::text_format(runs.compared(), true);
    EXPECT_NE(text.find("\x1b[31mworse\x1b[0m"), std::string::npos);
    EXPECT_NE(text.find("\x1b[32mbetter\x1b[0m"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\x1b'), 4);
    EXPECT_NE(text.find("changed"), std::string::npos);
}

TEST(formats, no_difference_is_short_and_says_what_was_compared) {
    MadeUpComparison runs;
    for (MadeUpFolder* const run : {&runs.base, &runs.head})
        run->count(Source::bpf, {"syscalls", ""}, 3).count(Source::bpf, {"copies", ""}, 0);
    const std::string text = compare::text_format(runs.compared(), false);
    EXPECT_NE(text.find("\n2 quantities of 1 cell: 2 same\ngate passed\n"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8);
}

TEST(formats, markdown_stays_below_64_kib_and_says_what_it_left_out) {
    MadeUpComparison runs;
    CellKey cell = MadeUpFolder::lockstep();
    for (cell.value_bytes = 1; cell.value_bytes <= 1000; ++cell.value_bytes) {
        for (const std::uint64_t repetition : {0U, 1U}) {
            runs.base.row(cell, repetition, Source::bpf, {"syscalls", ""}, 1, 1U)
                .row(cell, repetition, Source::bpf, {"copies", ""}, 1, 2U);
            runs.head.row(cell, repetition, Source::bpf, {"syscalls", ""}, 1, 2U)
                .row(cell, repetition, Source::bpf, {"copies", ""}, 1, 1U);
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
