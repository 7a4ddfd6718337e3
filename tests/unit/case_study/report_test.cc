// SPDX-License-Identifier: Apache-2.0
// What a report says of disputed and missing numbers, and the runs that it refuses.
#include "analysis/report/report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "run/complete.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"
#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

// A section of the report on a run made up for the purpose.
std::string section(std::string (*write)(const Findings&), const MadeUpRun& made_up) {
    const Run run;
    const Measurements measured = made_up.measured();
    const ReferenceClaims reference = load_reference_claims();
    return write({run, measured, reference, {}, {}});
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

class Reported : public testing::Test {
protected:
    void write(const std::string& rows, const std::string& environment) {
        folder_.write("observations.csv", observation_header() + rows);
        folder_.write("environment.json", environment);
        write_complete(folder_.path(), measured_files);
    }
    std::string refused(const std::string& environment) {
        write(total, environment);
        return refusal(ExitCode::data_refused, [&] { write_report(folder_.path()); });
    }

    static constexpr const char* total =
        "r,epoll,level,as_described,counted,get_hit,16,64,1,1,lockstep,0,ledger,syscalls,,100,300,ok\n";
    TemporaryFolder folder_;
};

TEST_F(Reported, an_environment_of_another_shape_is_refused) {
    for (const char* const warnings : {"\"none\"", "[1]", "{\"a\": \"b\"}", "3", "null"})
        EXPECT_NE(refused(fmt::format("{{\"run\": \"r\", \"warnings\": {}}}", warnings)).find("warnings"), std::string::npos);
    for (const char* const settings : {"[]", "\"x\"", "7"})
        EXPECT_NE(refused(fmt::format("{{\"run\": \"r\", \"server_settings\": {}}}", settings)).find("server_settings"),
                  std::string::npos);
    refused("{\"run\": \"r\", \"started_at\": 5}");
    refused("{\"run\": 1}");
    refused("{}");
    refused("[]");
    refused("\"r\"");
    refused("");
}

TEST_F(Reported, a_total_without_one_of_its_parts_is_reported_as_that) {
    const std::string part =
        "r,epoll,level,as_described,counted,get_hit,16,64,1,1,lockstep,0,ledger,syscalls,sendto,100,,absent:lost\n";
    write(total + part, "{\"run\": \"r\", \"machine\": 3}");
    write_report(folder_.path());
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report.md"));
}

TEST_F(Reported, what_an_earlier_report_left_is_gone) {
    write(total, "{\"run\": \"r\"}");
    std::filesystem::create_directory(folder_.path() / "figures");
    folder_.write("report.html", "old");
    folder_.write("figures/old.svg", "old");
    write_checksums(folder_.path());
    EXPECT_EQ(verify_complete(folder_.path(), {"report.html", "figures/old.svg"}).size(), 4U);
    write_report(folder_.path());
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "report.html"));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "figures/old.svg"));
    const std::vector<std::string> listed = verify_complete(folder_.path(), {"report.md", "claims.csv"});
    EXPECT_EQ(std::count(listed.begin(), listed.end(), "report.html"), 0);
}

}  // namespace
}  // namespace tare
