// SPDX-License-Identifier: Apache-2.0
// What the sections of the case study say of disputed and missing numbers.
#include "analysis/case_study/sections/sections.h"

#include <gtest/gtest.h>

#include "analysis/case_study/report.h"
#include "analysis/report/markdown.h"
#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

// A section of the report on a run made up for the purpose.
std::string section(document::Section (*write)(const CaseStudyFindings&), const MadeUpRun& made_up) {
    const Run run;
    const Measurements measured = made_up.measured();
    const ClaimsFile reference = case_study::reference_claims();
    return markdown::section(write({{run, measured, {}, {}}, reference, {}, {}}));
}

TEST(report, a_disputed_number_is_marked_wherever_it_stands) {
    MadeUpRun run;
    run.saw(Build::counted, Source::ledger, {"syscalls", ""}, 300U).saw(Build::counted, Source::bpf, {"syscalls", ""}, 600U);
    run.saw(Build::timed, Source::bpf, {"syscalls", ""}, 300U);
    EXPECT_NE(section(sections::summary_table, run).find("| 2-3 | 3 (bpf 6) /"), std::string::npos);
    EXPECT_NE(section(sections::breakdown, run).find("| Syscalls | 3 | 3 (bpf 6) |"), std::string::npos);
}

TEST(report, a_disputed_half_of_the_queue_operations_is_marked) {
    MadeUpRun run;
    run.agreed("cqes", 200)
        .saw(Build::counted, Source::ledger, {"sqes", ""}, 200U)
        .saw(Build::counted, Source::bpf, {"sqes", ""}, 100U);
    EXPECT_NE(section(sections::breakdown, run).find("| Queue Ops | 0 | 4 (sqes: bpf 1) |"), std::string::npos);
}

TEST(report, a_table_says_of_which_sizes_it_is) {
    MadeUpRun run;
    run.agreed("copied_bytes", 0).agreed("syscalls", 300);
    run.saw(Build::counted, Source::ledger, {"copied_bytes", ""}, 0U, 131072);
    EXPECT_NE(section(sections::summary_table, run).find("with a key of 0 bytes and a value of 64."), std::string::npos);
    const std::string breakdown = section(sections::breakdown, run);
    EXPECT_NE(breakdown.find("With a key of 0 bytes and a value of 64:\n"), std::string::npos);
    EXPECT_NE(breakdown.find("| Copies of the value itself, slope from 64 to 131072 bytes | - | 0 |"), std::string::npos);
}

TEST(report, a_large_value_is_told_by_whoever_counted_it) {
    MadeUpRun run;
    run.agreed("syscalls", 300).saw(Build::counted, Source::bpf, {"syscalls", ""}, Absent{"no permission"}, 131072);
    run.saw(Build::counted, Source::ledger, {"syscalls", ""}, 500U, 131072)
        .saw(Build::counted, Source::ledger, {"syscalls", "recvfrom"}, 500U, 131072);
    EXPECT_NE(section(sections::breakdown, run).find("| Syscalls | 5 | `recvfrom` 5 |"), std::string::npos);
}

TEST(report, the_way_to_the_ideal_is_told_where_both_ends_were_counted) {
    const tare::Run run;
    MadeUpRun made_up;
    made_up.agreed("syscalls", 300);
    const ClaimsFile reference = case_study::reference_claims();
    const auto told = [&](const std::vector<Observation>& rows) {
        const Measurements measured(rows);
        const document::Blocks blocks = sections::way_to_ideal({{run, measured, {}, {}}, reference, {}, {}});
        return blocks.empty() ? "" : std::get<document::Paragraph>(blocks.front().content).text.plain();
    };
    std::vector<Observation> rows = made_up.rows();
    EXPECT_EQ(told(rows), "") << "the ideal was not counted";
    for (Observation seen : made_up.rows()) {
        seen.cell.variant.rung = "gathered_reply";
        seen.reading = 200U;
        rows.push_back(seen);
    }
    EXPECT_EQ(told(rows),
              "From as described to the ideal, a GET hit of a small value, one at a time. mio: system calls from 3 to 2.");
}

// Verdicts as they may be on two claims of the document.
TEST(report, a_claim_has_a_verdict_where_it_stands) {
    const tare::Run run;
    const Measurements measured = MadeUpRun().measured();
    const ClaimsFile reference = case_study::reference_claims();
    const Claim& summed = reference.named("summary-allocations-mio");
    const Claim& ideal = reference.named("ideal-path-queue_ops");
    const std::vector<Judgement> judgements{
        {&summed, "get_hit", Verdict::disproved, "6", "", "", ""},
        {&summed, "get_miss", Verdict::confirmed, "3", "", "", ""},
        {&ideal, "get_hit", Verdict::not_judged, "", "", "", "the suite `ladders` has it"},
    };
    const CaseStudyFindings findings{{run, measured, {}, {}}, reference, judgements, {}};
    EXPECT_NE(markdown::section(sections::summary_table(findings))
                  .find("| confirmed: `get_miss`; **disproved**: `get_hit` | calls of the malloc family |"),
              std::string::npos);
    const std::string path = markdown::section(sections::ideal_path(findings));
    EXPECT_NE(path.find("| 142 | ideal | `queue_sqes` | 2 ops | absent[^ideal-path-"), std::string::npos) << path;
    EXPECT_NE(path.find("]: the suite \\`ladders\\` has it\n"), std::string::npos) << path;
}

}  // namespace
}  // namespace tare
