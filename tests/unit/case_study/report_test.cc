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
        std::vector<std::string> names = measured_files;
        if (std::filesystem::exists(folder_.path() / claims_name)) names.emplace_back(claims_name);
        write_complete(folder_.path(), names);
    }
    std::string refused(const std::string& environment) {
        write(total, environment);
        return refusal(ExitCode::data_refused, [&] { write_report(folder_.path(), case_study::report_of); });
    }

    // report.md of a run whose environment says this of its suite.
    std::string text_of(const std::string& suite) {
        write(total, "{\"run\": \"r\", \"schema\": 2, \"suite\": " + suite + "}");
        write_report(folder_.path(), case_study::report_of);
        return read_file(folder_.path() / "report.md");
    }

    static constexpr const char* total =
        "epoll,level,as_described,counted,request,get_hit,16,64,1,1,lockstep,0,ledger,syscalls,,request,100,300,ok\n";
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
        "epoll,level,as_described,counted,request,get_hit,16,64,1,1,lockstep,0,ledger,syscalls,sendto,request,100,,absent:lost\n";
    write(total + part, "{\"run\": \"r\", \"schema\": 2, \"machine\": 3}");
    write_report(folder_.path(), case_study::report_of);
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report.md"));
}

TEST_F(Reported, what_an_earlier_report_left_is_gone) {
    write(total, "{\"run\": \"r\", \"schema\": 2, \"suite\": {\"name\": \"seed\"}}");
    std::filesystem::create_directory(folder_.path() / "figures");
    std::filesystem::create_directory(folder_.path() / "details");
    const std::vector<std::string> earlier{"report.html", "figures/old.svg", "details/old.md"};
    for (const std::string& name : earlier) folder_.write(name, "old");
    write_checksums(folder_.path());
    EXPECT_EQ(verify_complete(folder_.path(), earlier).size(), 5U);
    write_report(folder_.path(), case_study::report_of);
    for (const std::string& name : earlier) EXPECT_FALSE(std::filesystem::exists(folder_.path() / name)) << name;
    const std::vector<std::string> listed =
        verify_complete(folder_.path(), {"report.md", "report.json", "claims.csv", "details/claims-checked.md"});
    EXPECT_EQ(std::count(listed.begin(), listed.end(), "report.html"), 0);
}

TEST_F(Reported, only_a_suite_of_the_case_study_has_its_sections) {
    for (const char* const suite : {"{\"name\": \"mine\", \"case_study\": \"overhead-analysis\"}", "{\"name\": \"ladders\"}"}) {
        const std::string text = text_of(suite);
        EXPECT_NE(text.find("The reference document's tables make"), std::string::npos) << suite;
        EXPECT_NE(text.find("\n## Claims checked\n"), std::string::npos) << suite;
        EXPECT_TRUE(std::filesystem::exists(folder_.path() / "claims.csv")) << suite;
    }
    for (const char* const suite : {"{\"name\": \"servers\"}", "{}", "3", "{\"name\": 3}"}) {
        const std::string text = text_of(suite);
        EXPECT_EQ(text.find("eference document"), std::string::npos) << suite;
        EXPECT_NE(text.find("\n## Both Ladders\n"), std::string::npos) << suite;
        EXPECT_FALSE(std::filesystem::exists(folder_.path() / "claims.csv")) << suite;
    }
    EXPECT_NE(text_of("{\"name\": \"servers\"}").find("Suite `servers` asked `epoll/level/as_described` for `get_hit`"),
              std::string::npos);
}

TEST_F(Reported, of_many_warnings_the_lead_has_the_first_and_the_details_have_all) {
    const std::string environment = R"({"run": "r", "schema": 2, "warnings": ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"]})";
    write(total, environment);
    write_report(folder_.path(), case_study::report_of);
    const std::string text = read_file(folder_.path() / "report.md");
    EXPECT_NE(text.find("> - Warning: w1\n> - Warning: w2\n"), std::string::npos) << text;
    EXPECT_NE(text.find("> - Warning: 2 more, in the details of Environment\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("w7"), std::string::npos) << text;
    EXPECT_NE(read_file(folder_.path() / "details/environment.md").find("- w1\n- w2\n- w3\n- w4\n- w5\n- w6\n- w7\n- w8\n"),
              std::string::npos);
}

TEST_F(Reported, the_claims_that_a_suite_names_stand_first) {
    folder_.write(
        "claims.toml",
        "[[claim]]\nid = \"calls\"\nserver = \"epoll/level/as_described\"\nop = \"get_hit\"\nmetric = \"syscalls\"\nvalue = 4\n");
    const std::string text = text_of("{\"name\": \"mine\"}");
    EXPECT_EQ(text.find("\n## "), text.find("\n## Claims checked\n")) << text;
    EXPECT_NE(text.find("The claims of `claims.toml` speak of 1 fact: 1 disproved."), std::string::npos) << text;
    EXPECT_NE(text.find("| `calls` | epoll/level/as_described | `get_hit` | `syscalls` | 4 | 3 | **disproved** |"),
              std::string::npos)
        << text;
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "claims.csv"));
}

}  // namespace
}  // namespace tare
