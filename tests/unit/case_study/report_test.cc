// SPDX-License-Identifier: Apache-2.0
// The runs that a report refuses, what it leaves in a run's folder, and whether the case study is in it.
#include "analysis/case_study/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "run/complete.h"
#include "run/csv.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

class Reported : public testing::Test {
protected:
    void write(const std::string& rows, const std::string& environment) {
        folder_.write("observations.csv", observation_header() + rows);
        folder_.write("environment.json", environment);
        write_complete(folder_.path(), measured_files);
    }
    std::string refused(const std::string& environment) {
        write(total, environment);
        return refusal(ExitCode::data_refused, [&] { write_report(folder_.path(), case_study::report_of); });
    }

    // report.md of a run whose environment says this of its suite.
    std::string text_of(const std::string& suite) {
        write(total, "{\"run\": \"r\", \"suite\": " + suite + "}");
        write_report(folder_.path(), case_study::report_of);
        return read_file(folder_.path() / "report.md");
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
    write_report(folder_.path(), case_study::report_of);
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report.md"));
}

TEST_F(Reported, what_an_earlier_report_left_is_gone) {
    write(total, "{\"run\": \"r\", \"suite\": {\"name\": \"seed\"}}");
    std::filesystem::create_directory(folder_.path() / "figures");
    folder_.write("report.html", "old");
    folder_.write("figures/old.svg", "old");
    write_checksums(folder_.path());
    EXPECT_EQ(verify_complete(folder_.path(), {"report.html", "figures/old.svg"}).size(), 4U);
    write_report(folder_.path(), case_study::report_of);
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "report.html"));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "figures/old.svg"));
    const std::vector<std::string> listed = verify_complete(folder_.path(), {"report.md", "claims.csv"});
    EXPECT_EQ(std::count(listed.begin(), listed.end(), "report.html"), 0);
}

TEST_F(Reported, only_a_suite_of_the_case_study_has_its_sections) {
    for (const char* const suite : {"{\"name\": \"mine\", \"case_study\": \"overhead-analysis\"}", "{\"name\": \"ladders\"}"}) {
        const std::string text = text_of(suite);
        EXPECT_TRUE(text.starts_with("# Overhead Analysis\n")) << suite;
        EXPECT_NE(text.find("\n## Claims checked\n"), std::string::npos) << suite;
        EXPECT_TRUE(std::filesystem::exists(folder_.path() / "claims.csv")) << suite;
    }
    for (const char* const suite : {"{\"name\": \"servers\"}", "{}", "3", "{\"name\": 3}"}) {
        const std::string text = text_of(suite);
        EXPECT_EQ(text.find("eference document"), std::string::npos) << suite;
        EXPECT_EQ(text.find("Overhead Analysis"), std::string::npos) << suite;
        EXPECT_NE(text.find("\n## Both Ladders\n"), std::string::npos) << suite;
        EXPECT_FALSE(std::filesystem::exists(folder_.path() / "claims.csv")) << suite;
    }
    EXPECT_TRUE(text_of("{\"name\": \"servers\"}").starts_with("# Report of suite `servers`\n"));
}

}  // namespace
}  // namespace tare
