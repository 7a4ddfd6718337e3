// SPDX-License-Identifier: Apache-2.0
// What the report and its figures say of runs under load: every sentence from its data, and what is missing named.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "analysis/case_study/figures/figures.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/amortisation.h"
#include "analysis/model/sweep.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

constexpr const char* uring = "uring/oneshot/as_described";
constexpr const char* epoll = "epoll/level/as_described";

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// io_uring is the cheaper up to 4096 bytes; at 16384 they take the same.
MadeUpLoad two_servers(std::uint64_t largest_ns) {
    MadeUpLoad run;
    for (const auto& [value_bytes, uring_ns] : {std::pair{64U, 8000U}, {4096U, 9000U}, {16384U, 10000U}, {65536U, largest_ns}}) {
        run.took(load_cell(uring, Build::timed, value_bytes), uring_ns);
        run.took(load_cell(epoll, Build::timed, value_bytes), 10000);
    }
    return run;
}

MadeUpLoad lockstep_only() {
    CellKey cell = load_cell(epoll, Build::counted);
    cell.mode = Mode::lockstep;
    cell.connections = 1;
    return MadeUpLoad{}.saw(cell, Source::ledger, {"syscalls", ""}, {300U});
}

TEST(load_report, without_load_its_sections_are_empty_or_short) {
    const MadeUpLoad run = lockstep_only();
    for (const auto& section : {sections::time_per_request, sections::amortisation, sections::attribution, sections::calibration})
        EXPECT_EQ(run.written(section), "");
    EXPECT_EQ(run.written(sections::waterfall), "");
    EXPECT_TRUE(says(run.written(sections::conclusion), "- Under load: absent, this run holds no load.\n"));
    EXPECT_TRUE(says(run.written(sections::runtime_comparison), "not measured"));
}

TEST(load_report, a_marked_cell_is_named_wherever_it_is_used) {
    MadeUpLoad run = two_servers(12500);
    const CellKey marked = load_cell(uring, Build::timed);
    run.saw(marked, Source::client, {"marks", ""}, {0U, 1U, 0U, 0U, 0U, 0U})
        .saw(marked, Source::client, {"marks", "steal"}, {0U, 1U});
    EXPECT_TRUE(says(run.written(sections::time_per_request), "| steal in 1 of 6 repetitions |"));
    const std::string line =
        fmt::format("- `{}` get_hit of 64 bytes, 64 connections, pipeline 1: steal in 1 of 6 repetitions", uring);
    for (const auto& section : {sections::conclusion, sections::runtime_comparison})
        EXPECT_TRUE(says(run.written(section), line));
}

TEST(load_report, the_conclusion_names_the_crossover_and_both_its_bounds) {
    const std::string text = two_servers(12500).written(sections::conclusion);
    EXPECT_TRUE(says(text, "as described: io_uring takes 0.8 [0.8, 0.8] times what mio takes: its batching dominates.")) << text;
    EXPECT_TRUE(says(text, "between 4096 and 65536: from there on mio is the cheaper.")) << text;
    EXPECT_TRUE(says(text, "No detectable difference at 16384 bytes.")) << text;
    EXPECT_TRUE(says(text, "- CPU over the number of connections, as described: absent, this run holds no such sweep.")) << text;
}

TEST(load_report, the_conclusion_says_so_where_there_is_no_crossover) {
    const std::string text = two_servers(9000).written(sections::conclusion);
    EXPECT_TRUE(says(text, "There is no crossover in the range measured. io_uring is the cheaper at 64, 4096, 65536 bytes."))
        << text;
}

TEST(load_report, too_few_repetitions_decide_nothing) {
    MadeUpLoad run;
    run.saw(load_cell(uring, Build::timed), Source::rusage, {"cpu_ns", ""}, {500U, 500U})
        .saw(load_cell(epoll, Build::timed), Source::rusage, {"cpu_ns", ""}, {900U, 900U});
    EXPECT_TRUE(says(run.written(sections::conclusion), "2 repetitions give a range, which decides nothing"));
}

TEST(load_report, absent_times_are_absent_in_every_section) {
    MadeUpLoad run;
    for (const char* const variant : {uring, epoll})
        run.saw(load_cell(variant, Build::timed), Source::rusage, {"cpu_ns", ""}, {Absent{"the server died"}});
    EXPECT_TRUE(says(run.written(sections::time_per_request), "absent[^time-per-request-1]"));
    EXPECT_TRUE(says(run.written(sections::conclusion), "absent, the server died."));
    EXPECT_TRUE(says(run.written(sections::runtime_comparison), "not measured: absent"));
}

// 2 + 1/B calls a request, B being the connections.
MadeUpLoad waits_for_all() {
    MadeUpLoad run;
    for (const std::uint64_t events : {1U, 4U, 50U}) {
        const CellKey cell = load_cell(epoll, Build::counted, 64, events);
        run.counted(cell, "syscalls", "", 200 + 100 / events).counted(cell, "syscalls", "epoll_wait", 100 / events);
        run.counted(cell, "syscalls", "recvfrom", 100).counted(cell, "syscalls", "sendto", 100);
        run.counted(cell, "wait_events", "", 100);
    }
    return run;
}

TEST(load_report, completions_per_wait_are_the_finding_and_the_calls_an_identity) {
    MadeUpLoad run = waits_for_all();
    run.saw(load_cell(epoll, Build::counted, 64, 256), Source::ledger, {"syscalls", ""}, {Absent{"lost"}});
    const std::vector<Amortisation> all = amortisations(run.load());
    ASSERT_EQ(all.size(), 1U);
    ASSERT_EQ(all[0].batches.size(), 4U);
    EXPECT_NEAR(all[0].batches[1].size.estimate().value, 4, 1e-9);
    EXPECT_NEAR(all[0].batches[1].others.estimate().value, 2, 1e-9);
    EXPECT_NEAR(all[0].batches[1].awaited.estimate().value, 1, 1e-9);
    EXPECT_NEAR(all[0].batches[1].residual.estimate().value, 0, 1e-9);
    EXPECT_EQ(all[0].agreed, 3U);
    const std::string text = run.written(sections::amortisation);
    EXPECT_TRUE(says(text, "| 1 connection | 4 connections | 50 connections | 256 connections |")) << text;
    EXPECT_TRUE(says(text, "| 64 | 1 | 1 | 4 | 50 | absent[^amortisation-1] |")) << text;
    EXPECT_TRUE(says(text, "| 2 | 1 | 1 to 50 | 2.02 to 3 | 0.0000 | in 3 of 3 |")) << text;
    const nlohmann::json found = to_json(run.made(figures::completions_per_wait))["panels"][0];
    EXPECT_EQ(found["series"][0]["points"][2]["y"], 50);
    const nlohmann::json panel = to_json(run.made(figures::syscalls_over_connections))["panels"][0];
    EXPECT_EQ(panel["series"][0]["points"].size(), 4U);
    EXPECT_TRUE(panel["series"][0]["points"][3]["y"].is_null()) << "absent, and no 0";
    EXPECT_FALSE(panel["series"][0].contains("curve")) << "an identity is no fit";
}

// BPF saw 8 calls of 208 that the ledger did not.
TEST(load_report, the_identitys_residual_shows_calls_that_one_witness_missed) {
    const CellKey cell = load_cell(epoll, Build::counted);
    MadeUpLoad run;
    run.saw(cell, Source::ledger, {"syscalls", ""}, {200U}).saw(cell, Source::ledger, {"syscalls", "epoll_wait"}, {100U});
    run.saw(cell, Source::bpf, {"syscalls", ""}, {208U}).saw(cell, Source::bpf, {"syscalls", "epoll_wait"}, {100U});
    run.saw(cell, Source::bpf, {"syscalls", "sendto"}, {100U}).saw(cell, Source::bpf, {"syscalls", "brk"}, {8U});
    run.counted(cell, "wait_events", "", 100);
    EXPECT_NEAR(amortisations(run.load())[0].batches[0].residual.estimate().value, -0.08, 1e-9);
    EXPECT_TRUE(says(run.written(sections::amortisation), "| 0.0800 | in 0 of 1 |"));
}

TEST(load_report, a_figure_without_data_has_no_panels_and_says_why) {
    std::vector<chart::Chart> charts;
    const std::array of_case_study{figures::cpu_over_value_size, figures::waterfall, figures::claims};
    charts.reserve(figures::all.size() + of_case_study.size());
    for (const auto& figure : figures::all) charts.push_back(lockstep_only().made(figure));
    for (const auto& figure : of_case_study) charts.push_back(lockstep_only().made(figure));
    for (const chart::Chart& chart : charts) {
        EXPECT_TRUE(chart.panels.empty()) << chart.name;
        EXPECT_FALSE(chart.notes.empty()) << chart.name;
    }
}

TEST(load_report, a_validity_flag_is_a_note_that_names_its_points_where_they_are_few) {
    MadeUpLoad run = two_servers(12500);
    for (const std::uint64_t value_bytes : {64U, 4096U, 16384U, 65536U}) {
        for (const char* const variant : {uring, epoll})
            run.saw(load_cell(variant, Build::timed, value_bytes), Source::client, {"marks", "steal"}, {1U});
    }
    run.saw(load_cell(epoll, Build::timed, 4096), Source::client, {"marks", "client_bound"}, {1U});
    const nlohmann::json chart = to_json(run.made(figures::cpu_over_value_size));
    EXPECT_EQ(chart["panels"][0]["series"][1]["points"][1]["marks"], nlohmann::json({"client_bound", "steal"}));
    const std::string notes = chart["notes"].dump();
    EXPECT_TRUE(says(notes, "validity flag steal at 8 of 8 points: the details say at which")) << notes;
    EXPECT_TRUE(
        says(notes, fmt::format("validity flag client_bound at 1 of 8 points: As described, 64 connections, pipeline 1, {} "
                                "at 4096",
                                epoll)))
        << notes;
}

TEST(load_report, a_picture_has_six_series_at_most_and_names_the_others) {
    MadeUpLoad run;
    for (const char* const wiring :
         {"bundle", "direct_descriptors", "lent_buffers", "linked", "multishot", "oneshot", "sqpoll"}) {
        for (const std::uint64_t connections : {4U, 64U}) {
            CellKey cell = load_cell(fmt::format("uring/{}/gathered_reply", wiring), Build::counted);
            cell.connections = connections;
            run.counted(cell, "syscalls", "", 100).counted(cell, "syscalls", "io_uring_enter", 100);
            run.counted(cell, "cqes", "", std::string_view(wiring) == "bundle" ? 9000 : 200);
        }
    }
    const nlohmann::json chart = to_json(run.made(figures::completions_per_wait));
    ASSERT_EQ(chart["panels"][0]["series"].size(), chart::drawn_series_max);
    EXPECT_EQ(chart["panels"][0]["series"][0]["name"], "uring/oneshot/gathered_reply")
        << "the ladder's order, not the alphabet's";
    EXPECT_TRUE(says(chart["notes"].dump(), "uring/bundle/gathered_reply are left out of the picture")) << chart["notes"];
    EXPECT_FALSE(says(chart["finding"], "bundle")) << "a finding is seen in the picture";
}

TEST(load_report, a_ladder_stands_in_its_own_order_and_its_ends_are_told) {
    MadeUpLoad run;
    std::uint64_t left = 600;
    for (const char* const rung : {"gathered_reply", "direct_reply", "as_described", "inline_keys"}) {
        CellKey cell = load_cell(std::string("epoll/level/") + rung, Build::counted);
        cell.mode = Mode::lockstep;
        cell.connections = 1;
        run.counted(cell, "allocations", "", left -= 100);
    }
    const nlohmann::json chart = to_json(run.made(figures::ladder_counts));
    std::vector<std::string> names;
    for (const auto& point : chart["panels"][0]["series"][0]["points"]) names.push_back(point["x"]);
    EXPECT_EQ(names, (std::vector<std::string>{"as_described", "inline_keys", "direct_reply", "gathered_reply"}));
    EXPECT_TRUE(says(chart["finding"], "mio: rungs on level: allocations from 3 to 5")) << chart["finding"];
}

TEST(load_report, the_figure_over_sizes_has_repetitions_marks_and_the_crossover) {
    MadeUpLoad run = two_servers(12500);
    run.saw(load_cell(epoll, Build::timed, 4096), Source::client, {"marks", "client_bound"}, {1U});
    const nlohmann::json panel = to_json(run.made(figures::cpu_over_value_size))["panels"][0];
    EXPECT_EQ(panel["series"][1]["points"][1]["marks"], nlohmann::json({"client_bound"}));
    EXPECT_EQ(panel["series"][0]["points"][0]["raw"].size(), 6U);
    EXPECT_EQ(panel["lines"][0]["low"], 4096);
    EXPECT_EQ(panel["lines"][0]["high"], 65536);
}

}  // namespace
}  // namespace tare
