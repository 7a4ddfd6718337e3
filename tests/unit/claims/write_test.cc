// SPDX-License-Identifier: Apache-2.0
// A first file of claims: what the run counted, which holds for that run.
#include "analysis/claims/write.h"

#include <gtest/gtest.h>

#include "analysis/claims/check.h"
#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

Run run_of(const MadeUpRun& made_up) {
    Run run;
    run.id = "made-up";
    run.observations = made_up.rows();
    return run;
}

// Two windows of 100 and 200 requests; `extra` calls of futex in the second.
MadeUpRun counted(std::uint64_t extra) {
    MadeUpRun made;
    for (const std::uint64_t repetition : {0U, 1U}) {
        const std::uint64_t requests = 100 * (repetition + 1);
        const std::uint64_t more = repetition == 1 ? extra : 0;
        made.in_window(repetition, requests).agreed("syscalls", 3 * requests + more);
        made.part("syscalls", "epoll_wait", requests).part("syscalls", "read", 2 * requests);
        if (more > 0) made.part("syscalls", "futex", more);
    }
    return made.saw(Build::counted, Source::bpf, {"allocations", ""}, Absent{"no uprobe"});
}

TEST(write, what_is_the_same_in_every_window_is_exact_with_its_parts) {
    const std::string text = claims_from_run(run_of(counted(0)));
    EXPECT_NE(text.find("server = \"epoll/level/as_described\"\nop = \"get_hit\"\n"), std::string::npos) << text;
    EXPECT_NE(text.find("metric = \"syscalls\"\nvalue = 3\nparts = {epoll_wait = 1, read = 2}\n"), std::string::npos) << text;
    EXPECT_NE(text.find("# allocations of epoll/level/as_described get_hit: absent: no uprobe"), std::string::npos) << text;
    EXPECT_EQ(check_run(run_of(counted(0)), parse_claims(text, "written")).code(), ExitCode::ok);
    EXPECT_EQ(check_run(run_of(counted(1)), parse_claims(text, "written")).code(), ExitCode::gate_crossed);
}

TEST(write, what_varies_is_bounded_by_whole_numbers) {
    const std::string text = claims_from_run(run_of(counted(1)));
    EXPECT_NE(text.find("range = [3, 4]\n# 3 to 3.005 in this run's windows\n"), std::string::npos) << text;
    for (const std::uint64_t extra : {0U, 1U, 150U})
        EXPECT_EQ(check_run(run_of(counted(extra)), parse_claims(text, "written")).code(), ExitCode::ok) << extra;
}

TEST(write, a_run_that_counted_nothing_has_no_claims) {
    MadeUpRun none;
    none.saw(Build::counted, Source::bpf, {"syscalls", ""}, Absent{"no BPF"});
    EXPECT_THROW(claims_from_run(run_of(none)), Error);
}

}  // namespace
}  // namespace tare
