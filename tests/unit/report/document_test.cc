// SPDX-License-Identifier: Apache-2.0
// One document in three forms: what is absent keeps its reason in each, numbers stand to the right, and no text becomes markup.
#include "analysis/report/document.h"

#include <gtest/gtest.h>

#include "analysis/report/cells.h"
#include "analysis/report/html.h"
#include "analysis/report/json.h"
#include "analysis/report/markdown.h"

namespace tare {
namespace {

using document::Block;
using document::Document;
using document::Paragraph;
using document::Table;
using document::text_of;

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

PerRequest absent(const std::string& reason) { return PerRequest(Absent{reason}); }

// Of one section with this summary and these details.
Document document_of(std::vector<Block> summary, std::vector<Block> details = {}) {
    Document document{"Title"};
    document.add({"one", "One", std::move(summary), std::move(details)});
    return document;
}

std::string report_md(const Document& document) { return markdown::files(document).at("report.md"); }

std::string html_of(const Document& document) {
    std::string text;
    const nlohmann::json page = html::page(document);
    for (const auto& section : page["sections"])
        for (const auto& piece : section["html"]) text += piece.is_string() ? piece.get<std::string>() : piece.dump();
    return text + page["notes"].get<std::string>();
}

TEST(document, an_absent_cell_keeps_its_reason_in_every_form) {
    const Document document = document_of(
        {Table{{"a", "b", "c"}, {{"x", document::cell(absent("no such probe")), document::cell(absent("no such probe"))}}}});
    const std::string text = report_md(document);
    EXPECT_TRUE(says(text, "| x | absent[^one-1] | absent[^one-1] |")) << text;
    EXPECT_TRUE(says(text, "\n[^one-1]: no such probe\n")) << text;
    const std::string page = html_of(document);
    EXPECT_TRUE(says(page, "<td>absent<sup><a class=\"ref\" href=\"#fn1\" id=\"ref1\">1</a></sup></td>")) << page;
    EXPECT_TRUE(says(page, "<li id=\"fn1\"><p>no such probe ")) << page;
    const nlohmann::json cell = to_json(document, "r")["sections"][0]["summary"][0]["table"]["rows"][0][1];
    EXPECT_EQ(cell["type"], "absent");
    EXPECT_EQ(cell["notes"][0], "no such probe");
    EXPECT_FALSE(cell.contains("value"));
}

TEST(document, a_column_of_numbers_stands_to_the_right_whatever_is_missing_in_it) {
    const Table table{{"name", "number", "nothing", "mixed"},
                      {{"1", document::count(2U), document::none(), document::count(1U)},
                       {"2", document::cell(absent("lost")), document::none(), "text"}}};
    EXPECT_TRUE(says(report_md(document_of({table})), "| name | number | nothing | mixed |\n|---|---:|---|---|\n"));
    EXPECT_TRUE(says(html_of(document_of({table})), "<td class=\"number\">2</td>"));
}

TEST(document, a_measured_cell_has_its_value_and_its_bounds) {
    const Estimate ns{12.5, 12, 13, 6, true};
    const nlohmann::json cell = to_json(document_of({Table{{"ns"}, {{document::time(Price(ns))}}}}),
                                        "r")["sections"][0]["summary"][0]["table"]["rows"][0][0];
    EXPECT_EQ(cell["type"], "time");
    EXPECT_EQ(cell["value"], 12.5);
    EXPECT_EQ(cell["low"], 12);
    EXPECT_EQ(cell["high"], 13);
}

TEST(document, no_text_is_markup) {
    for (const std::string hostile : {"<b>x</b>", "[x](javascript:y)", "![x](y)", "a | b", "`x", "**x**", "_x_", "&lt;", "~~x~~",
                                      "[1](x)", "[1]: x", "\\*x", "$x$"}) {
        const std::string text = report_md(document_of({Paragraph{hostile}}));
        std::string plain;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] != '\\') {
                EXPECT_EQ(std::string("<[|`*~&$").find(text[at]), std::string::npos) << text;
                plain += text[at];
            } else {
                plain += text[++at];
            }
        }
        EXPECT_TRUE(says(plain, hostile)) << plain;
    }
    EXPECT_TRUE(says(report_md(document_of({Paragraph{"io_uring [1.2, 3.4] takes"}})), "\nio_uring [1.2, 3.4] takes\n"));
    EXPECT_TRUE(says(report_md(document_of({Paragraph{"# x"}})), "\n\\# x\n"));
    EXPECT_TRUE(says(report_md(document_of({document::List{{"- x"}}})), "\n- \\- x\n"));
    EXPECT_TRUE(says(html_of(document_of({Paragraph{"<b a=\"1\">&'"}})), "<p>&lt;b a=&quot;1&quot;&gt;&amp;&#39;</p>"));
}

TEST(document, strong_code_is_both) {
    const Document document = document_of({Paragraph{text_of(document::quoted("Drop `x()` now", true), " or not")}});
    EXPECT_TRUE(says(report_md(document), "\n**Drop `x()` now** or not\n"));
    EXPECT_TRUE(says(html_of(document), "<p><strong>Drop <code>x()</code> now</strong> or not</p>"));
}

TEST(document, details_are_a_file_of_their_own_and_a_fold) {
    const Document document = document_of({Paragraph{"short"}}, {Paragraph{"long"}});
    const auto files = markdown::files(document);
    EXPECT_FALSE(says(files.at("report.md"), "long"));
    EXPECT_TRUE(says(files.at("report.md"), "[details/one.md](details/one.md)"));
    EXPECT_TRUE(says(files.at("details/one.md"), "# One\n\n[The report](../report.md)\n\nshort\n\nlong\n"));
    EXPECT_TRUE(says(html_of(document), "<details><summary>Details</summary>\n<p>long</p>\n</details>"));
}

TEST(document, an_endless_table_is_cut_in_html_alone) {
    Table table{{"a"}, {}};
    for (int row = 0; row < 9000; ++row) table.rows.push_back({"cell"});
    const std::string page = html_of(document_of({table}));
    EXPECT_EQ(std::count(page.begin(), page.end(), '\n'), 400 + 6);
    EXPECT_TRUE(says(page, "8600 more rows are left out here"));
    const std::string text = report_md(document_of({table}));
    EXPECT_GT(std::count(text.begin(), text.end(), '\n'), 9000);
}

TEST(document, a_figure_is_a_picture_with_its_finding_and_one_without_data_says_why) {
    chart::Chart chart{"calls", "Calls", "By BPF.", "bars", {"x", "category"}, {"y", "linear"}, {{"p"}}, {}, "They fall."};
    const Document document = document_of({document::Figure{chart}});
    EXPECT_TRUE(says(report_md(document), "![Calls](figures/calls.svg)\n\nThey fall. By BPF.\n"));
    EXPECT_TRUE(says(html_of(document), R"({"figure":"calls"})"));
    EXPECT_EQ(document.charts().size(), 1U);
    chart.notes = {"one is absent"};
    EXPECT_TRUE(says(report_md(document_of({document::Figure{chart}})), "They fall. By BPF.\n\n- one is absent\n"));
    chart.notes = {"a", "b", "c", "d"};
    EXPECT_TRUE(says(report_md(document_of({document::Figure{chart}})), "<details><summary>4 notes</summary>\n\n- a\n"));
    chart.panels.clear();
    chart.notes = {"nothing was counted"};
    EXPECT_TRUE(says(report_md(document_of({document::Figure{chart}})), "*Calls* is not drawn: nothing was counted.\n"));
}

TEST(document, two_headings_of_one_name_have_two_anchors) {
    const Document document = document_of({document::Heading{3, "Same"}, document::Heading{3, "Same"}});
    const nlohmann::json section = html::page(document)["sections"][0];
    EXPECT_EQ(section["id"], "s-one");
    EXPECT_EQ(section["parts"][0]["id"], "s-same");
    EXPECT_EQ(section["parts"][1]["id"], "s-same-2");
}

TEST(document_death, two_sections_of_one_id_are_a_mistake_of_ours) {
    Document document = document_of({Paragraph{"x"}});
    EXPECT_DEATH(document.add({"one", "Other", {Paragraph{"y"}}}), "two sections of one id");
    EXPECT_DEATH(document.add({"../one", "Other", {Paragraph{"y"}}}), "a section's id is no name");
}

}  // namespace
}  // namespace tare
