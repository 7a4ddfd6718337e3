// SPDX-License-Identifier: Apache-2.0
// What is refused when a run is read, for its report as for a comparison.
#include "run/run_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "run/csv.h"
#include "run/table.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

class RunReader : public testing::Test {
protected:
    std::string refused(const std::vector<std::vector<std::string>>& rows, const nlohmann::json& schema = present_schema) {
        std::ofstream file(folder_.path() / "observations.csv");
        file << observation_header();
        for (const std::vector<std::string>& row : rows) file << csv_line(row);
        file.close();
        std::ofstream(folder_.path() / "environment.json") << nlohmann::json{{"run", "made-up"}, {"schema", schema}}.dump();
        write_checksums(folder_.path());
        return refusal(ExitCode::data_refused, [&] { open_run(folder_.path()); });
    }
    static std::vector<std::string> row() {
        return {"memcached", "",  "",    "foreign",  "request", "get_hit", "16",  "64", "1", "1",
                "lockstep",  "0", "bpf", "syscalls", "",        "request", "100", "3",  "ok"};
    }

    TemporaryFolder folder_;
};

TEST_F(RunReader, a_quantity_that_stands_twice) {
    const auto same = row();
    EXPECT_NE(refused({same, same}).find("stands twice"), std::string::npos);
}

TEST_F(RunReader, files_of_two_schemas) {
    const auto one = row();
    EXPECT_NE(refused({one}, 1).find("schema is 1 in environment.json and 2 in observations.csv"), std::string::npos);
    EXPECT_NE(refused({one}, nullptr).find("schema is missing"), std::string::npos);
}

}  // namespace
}  // namespace tare
