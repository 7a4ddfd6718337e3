// SPDX-License-Identifier: Apache-2.0
// Cells under load stay apart from those in lockstep, and nothing absent becomes a number.
#include "analysis/model/load_measurements.h"

#include <gtest/gtest.h>

#include "analysis/model/measurements.h"
#include "analysis/report/cells.h"
#include "tests/unit/made_up_load.h"

namespace tare {
namespace {

const CellKey timed = load_cell("epoll/level/as_described", Build::timed);
const CellKey counted = load_cell("epoll/level/as_described", Build::counted);

TEST(load_measurements, lockstep_and_load_do_not_see_each_other) {
    MadeUpLoad run;
    run.took(timed, 5000);
    CellKey lockstep = counted;
    lockstep.mode = Mode::lockstep;
    run.saw(lockstep, Source::ledger, {"syscalls", ""}, {300U});
    EXPECT_EQ(run.load().cells(), std::vector<CellKey>{timed});
    EXPECT_EQ(Measurements(run.rows()).cells(), std::vector<CellKey>{lockstep});
}

TEST(load_measurements, each_quantity_is_divided_by_the_requests_of_its_own_window) {
    std::vector<Observation> rows{{timed, 0, Source::client, {"elapsed_ns", ""}, {1000}, 2'000'000U},
                                  {timed, 0, Source::client, {"open_elapsed_ns", ""}, {10}, 2'000'000U}};
    const LoadMeasurements load(rows);
    EXPECT_DOUBLE_EQ(load.per_request(timed, Source::client, {"elapsed_ns", ""}).estimate().value, 2000);
    EXPECT_DOUBLE_EQ(load.per_request(timed, Source::client, {"open_elapsed_ns", ""}).estimate().value, 200'000);
    EXPECT_DOUBLE_EQ(load.requests_per_s(timed).estimate().value, 500'000);
}

TEST(load_measurements, a_percentile_has_no_total_and_is_not_divided) {
    MadeUpLoad run;
    run.saw(timed, Source::client, {"latency_percentile_ns", "p99"}, {7000U, Absent{"too few requests"}, 9000U});
    const LoadMeasurements load = run.load();
    EXPECT_EQ(load.whole(timed, Source::client, {"latency_percentile_ns", "p99"}).values(), (std::vector<double>{7000, 9000}));
    EXPECT_EQ(load.whole(timed, Source::client, {"latency_percentile_ns", "p50"}).reason(),
              "client does not tell latency_percentile_ns");
}

TEST(load_measurements, a_part_is_zero_beside_its_total_and_absent_without_it) {
    MadeUpLoad run;
    run.saw(counted, Source::ledger, {"syscalls", ""}, {300U, Absent{"the window did not balance"}});
    run.saw(counted, Source::bpf, {"syscalls", ""}, {Absent{"no permission"}});
    const LoadMeasurements load = run.load();
    EXPECT_EQ(load.per_request(counted, Source::ledger, {"syscalls", "sendto"}).values(), std::vector<double>{0});
    EXPECT_EQ(load.per_request(counted, Source::bpf, {"syscalls", "sendto"}).reason(), "no permission");
    EXPECT_EQ(load.per_request(counted, Source::bpf, {"sqes", ""}).reason(), "bpf does not tell sqes");
    EXPECT_EQ(load.per_request(timed, Source::rusage, {"cpu_ns", ""}).reason(), "not in this run");
}

TEST(load_measurements, bpf_tells_what_the_ledger_does_not_and_both_are_compared) {
    MadeUpLoad run;
    run.counted(counted, "syscalls", "", 300)
        .saw(counted, Source::ledger, {"cqes", ""}, {5U})
        .saw(counted, Source::bpf, {"cqes", ""}, {6U});
    run.saw(counted, Source::bpf, {"syscalls_eagain", ""}, {100U});
    const LoadMeasurements load = run.load();
    EXPECT_DOUBLE_EQ(load.counted(counted, {"syscalls_eagain", ""}).estimate().value, 1);
    EXPECT_EQ(load.agreed(counted, {"syscalls", ""}), std::optional(true));
    EXPECT_EQ(load.agreed(counted, {"cqes", ""}), std::optional(false));
    EXPECT_EQ(load.agreed(counted, {"syscalls_eagain", ""}), std::nullopt);
}

TEST(load_measurements, a_median_says_which_repetitions_it_lacks) {
    MadeUpLoad run;
    run.saw(timed, Source::rusage, {"cpu_ns", ""}, {100U, Absent{"the clock was gone"}, 300U});
    const Sample cpu = run.load().cpu_ns(timed);
    EXPECT_EQ(cpu.values().size(), 2U);
    EXPECT_EQ(cpu.left_out(), "the clock was gone");
    EXPECT_EQ((cpu * 2.0).left_out(), "the clock was gone");
    EXPECT_EQ((cpu / cpu).left_out(), "the clock was gone");
    EXPECT_EQ(document::shown(cpu).spans().back().kind, document::Span::Kind::note);
    EXPECT_EQ(document::shown(cpu).spans().back().text, "some repetitions are left out: the clock was gone");
}

TEST(load_measurements, marks_are_told_with_the_repetitions_that_have_them) {
    MadeUpLoad run;
    run.saw(timed, Source::client, {"marks", ""}, {0U, 1U, 2U})
        .saw(timed, Source::client, {"marks", "client_bound"}, {0U, 1U, 1U});
    run.saw(counted, Source::client, {"marks", ""}, {Absent{"no /proc/stat"}});
    EXPECT_EQ(run.load().marks_text(timed), "client_bound in 2 of 3 repetitions");
    run.saw(counted, Source::client, {"marks", "steal"}, {Absent{"no /proc/stat"}});
    run.saw(counted, Source::client, {"marks", "client_bound"}, {1U});
    EXPECT_EQ(run.load().marks_text(counted), "client_bound in 1 of 1 repetitions, not all marks can be told: no /proc/stat");
}

}  // namespace
}  // namespace tare
