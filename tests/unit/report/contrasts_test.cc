// SPDX-License-Identifier: Apache-2.0
// What a report says of servers that were held against each other in turn: the ratio, the nanoseconds, and what is not known.
#include <gtest/gtest.h>

#include "analysis/case_study/sections/sections.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

const CellKey described = load_cell("epoll/level/as_described", Build::timed);
const CellKey ideal = load_cell("epoll/level/gathered_reply", Build::timed);

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(contrasts, the_ratio_and_the_nanoseconds_stand_beside_both_servers) {
    MadeUpLoad run;
    run.held_against("the two", described, ideal, 5000, 0.8);
    const std::string text = run.written(sections::contrasts);
    EXPECT_TRUE(
        says(text,
             "| the two | `epoll/level/gathered_reply` | `epoll/level/as_described` | 0.800 [0.799, 0.801] | -1000 [-1004, "
             "-996] | 1.000 [1.000, 1.000] |"))
        << text;
    EXPECT_TRUE(says(text, "of 1 such control, the interval leaves out 1 in 0.")) << text;
    EXPECT_TRUE(says(text,
                     "get_hit, a key of 16 bytes and a value of 64, 64 connections, pipeline 1. 8 blocks on 8 processes of each "
                     "subject, 9.5 s; ended by: precision."))
        << text;
    EXPECT_TRUE(
        says(run.written(sections::what_stands_out),
             "the two: `epoll/level/gathered_reply` takes 0.800 [0.799, 0.801] times `epoll/level/as_described`'s CPU time a "
             "request."));
}

TEST(contrasts, too_few_processes_are_an_absence_and_no_equality) {
    MadeUpLoad run;
    run.held_against("the two", described, ideal, 5000, 0.8, 5);
    const std::string text = run.written(sections::contrasts);
    EXPECT_TRUE(says(text, "5 generations of processes; an interval needs six")) << text;
    EXPECT_TRUE(run.made(figures::contrasts).panels.empty());
    EXPECT_TRUE(says(run.written(sections::what_stands_out), "Held against another in turn, without a ratio: 1 server"));
    EXPECT_FALSE(says(run.written(sections::what_stands_out), "no difference"));
}

TEST(contrasts, a_difference_that_may_be_none_is_named_so) {
    MadeUpLoad run;
    run.held_against("the two", described, ideal, 5000, 1);
    EXPECT_TRUE(says(run.written(sections::what_stands_out),
                     "Of 1 server held against another in turn, no difference was detected in 1."));
}

TEST(contrasts, the_figure_has_a_line_for_each_ratio_and_says_the_lowest) {
    MadeUpLoad run;
    run.held_against("a", described, ideal, 5000, 0.8).held_against("b", ideal, described, 5000, 1);
    const chart::Chart chart = run.made(figures::contrasts);
    ASSERT_EQ(chart.panels.size(), 1U);
    EXPECT_EQ(chart.panels[0].series[0].points.size(), 2U);
    EXPECT_EQ(chart.finding,
              "Of 2 ratios, 1 leave out 1; the lowest is 0.800 [0.799, 0.801], of epoll/level/gathered_reply against "
              "epoll/level/as_described (a).");
}

TEST(contrasts, a_run_without_them_has_no_such_section) { EXPECT_EQ(MadeUpLoad().written(sections::contrasts), ""); }

TEST(contrasts, two_servers_are_found_by_what_they_were_asked) {
    MadeUpLoad run;
    run.held_against("the two", described, ideal, 5000, 0.8);
    const auto findings = run.contrasts();
    EXPECT_TRUE(find_pair(findings, ideal.variant, described.variant, "get_hit", &described));
    EXPECT_FALSE(find_pair(findings, ideal.variant, described.variant, "set"));
    EXPECT_FALSE(find_pair(findings, ideal.variant, {"uring", "oneshot", "as_described"}, "get_hit"));
    CellKey deeper = described;
    deeper.pipeline = 16;
    EXPECT_FALSE(find_pair(findings, ideal.variant, described.variant, "get_hit", &deeper));
}

TEST(contrasts, a_difference_is_known_in_either_direction) {
    MadeUpLoad run;
    run.held_against("the two", described, ideal, 5000, 0.8);
    const auto findings = run.contrasts();
    EXPECT_NEAR(difference_ns(*find_pair(findings, ideal.variant, described.variant, "get_hit")).value().value, -1000, 1);
    EXPECT_NEAR(difference_ns(*find_pair(findings, described.variant, ideal.variant, "get_hit")).value().value, 1000, 2);
}

TEST(contrasts, without_a_row_of_the_first_there_is_no_difference) {
    ContrastRow row;
    row.subject = "memcached";
    row.role = ContrastRole::other;
    const ContrastFinding finding{"c", ContrastRatios(std::vector{row})};
    EXPECT_EQ(difference_ns(finding, finding.first()).reason(), "the run has no row of the first server");
}

TEST(contrasts, an_optimisation_has_its_nanoseconds_or_says_which_suite_has_them) {
    MadeUpLoad run;
    const CellKey in_place = load_cell("epoll/level/in_place_input", Build::timed);
    run.held_against("rungs", described, in_place, 5000, 0.9);
    const std::string text = run.written(sections::optimization_opportunities);
    EXPECT_TRUE(says(text, "-500 [-504.5, -495.5] |")) << text;
    EXPECT_TRUE(
        says(text, "no contrast of uring/oneshot/as_described and uring/oneshot/in_place_input for get_hit (suite \\`steps\\`)"))
        << text;
}

TEST(contrasts, the_lead_speaks_of_what_they_asked) {
    MadeUpLoad run;
    run.held_against("the two", load_cell("memcached", Build::external), ideal, 5000, 0.8);
    const document::Text text = std::get<document::Paragraph>(run.made(sections::lead).front().content).text;
    EXPECT_TRUE(says(text.plain(), "memcached and epoll/level/gathered_reply for get_hit, under load.")) << text.plain();
    EXPECT_EQ(run.made(sections::title_of), "What memcached adds to a request");
}

}  // namespace
}  // namespace tare
