// SPDX-License-Identifier: Apache-2.0
// What the sections of the case study say of disputed and missing numbers.
#include "analysis/case_study/sections/sections.h"

#include <gtest/gtest.h>

#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

// A section of the report on a run made up for the purpose.
std::string section(std::string (*write)(const CaseStudyFindings&), const MadeUpRun& made_up) {
    const Run run;
    const Measurements measured = made_up.measured();
    const ReferenceClaims reference = load_reference_claims();
    return write({{run, measured, {}, {}}, reference, {}, {}});
}

TEST(report, a_disputed_number_is_marked_wherever_it_stands) {
    MadeUpRun run;
    run.saw("counted", "ledger", {"syscalls", ""}, 300U).saw("counted", "bpf", {"syscalls", ""}, 600U);
    run.saw("timed", "bpf", {"syscalls", ""}, 300U);
    EXPECT_NE(section(sections::summary_table, run).find("| 2-3 | 3 (bpf 6) /"), std::string::npos);
    EXPECT_NE(section(sections::breakdown, run).find("| Syscalls | 3 | 3 (bpf 6) |"), std::string::npos);
}

TEST(report, a_disputed_half_of_the_queue_operations_is_marked) {
    MadeUpRun run;
    run.agreed("cqes", 200).saw("counted", "ledger", {"sqes", ""}, 200U).saw("counted", "bpf", {"sqes", ""}, 100U);
    EXPECT_NE(section(sections::breakdown, run).find("| Queue Ops | 0 | 4 (sqes: bpf 1) |"), std::string::npos);
}

TEST(report, a_table_says_of_which_sizes_it_is) {
    MadeUpRun run;
    run.agreed("copied_bytes", 0).agreed("syscalls", 300);
    run.saw("counted", "ledger", {"copied_bytes", ""}, 0U, 131072);
    EXPECT_NE(section(sections::summary_table, run).find("with a key of 0 bytes and a value of 64."), std::string::npos);
    const std::string breakdown = section(sections::breakdown, run);
    EXPECT_NE(breakdown.find("With a key of 0 bytes and a value of 64:\n"), std::string::npos);
    EXPECT_NE(breakdown.find("| Copies of the value itself, slope from 64 to 131072 bytes | - | 0 |"), std::string::npos);
}

TEST(report, a_large_value_is_told_by_whoever_counted_it) {
    MadeUpRun run;
    run.agreed("syscalls", 300).saw("counted", "bpf", {"syscalls", ""}, Absent{"no permission"}, 131072);
    run.saw("counted", "ledger", {"syscalls", ""}, 500U, 131072).saw("counted", "ledger", {"syscalls", "recvfrom"}, 500U, 131072);
    EXPECT_NE(section(sections::breakdown, run).find("| Syscalls | 5 | `recvfrom` 5 |"), std::string::npos);
}

}  // namespace
}  // namespace tare
