// SPDX-License-Identifier: Apache-2.0
#include "run/run_writer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "run/csv.h"
#include "run/run_reader.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

MeasuredRows one_row(const Measured<std::uint64_t>& reading) {
    Observation row;
    row.cell.variant.server = "made_up";
    row.cell.build = Build::external;
    row.quantity.metric = "syscalls";
    row.divisor.count = 1;
    row.reading = reading;
    return {.observations = {row}};
}

TEST(run_writer, bytes_that_are_no_text_lose_no_rows) {
    const TemporaryFolder results;
    const auto folder = write_run(results.path(), "made_up", one_row(Absent{"it said: \xff\x1b[2J\nand went"}),
                                  {{"version", "2.\xfe"}, {"suite", {{"name", "made_up"}}}}, {});
    EXPECT_NE(read_file(folder / "observations.csv").find("\"absent:it said: \xef\xbf\xbd\\x1b[2J\nand went\"\n"),
              std::string::npos)
        << read_file(folder / "observations.csv");
    EXPECT_EQ(nlohmann::json::parse(read_file(folder / "environment.json"))["version"], "2.\xef\xbf\xbd");
}

TEST(run_writer, rows_that_the_results_folder_cannot_take_are_kept_elsewhere) {
    const TemporaryFolder temporary;
    const std::filesystem::path gone = temporary.path() / "gone";
    ::setenv("TMPDIR", temporary.path().c_str(), 1);
    const std::string told = refusal(ExitCode::run_failed, [&] {
        write_run(gone, "made_up", one_row(std::uint64_t{3}), {}, {{claims_name, "# a claim"}});
    });
    ::unsetenv("TMPDIR");
    EXPECT_NE(told.find(gone), std::string::npos) << told;
    const std::string here = "what was measured is kept in ";
    ASSERT_NE(told.find(here), std::string::npos) << told;
    const std::filesystem::path kept = told.substr(told.find(here) + here.size());
    EXPECT_EQ(kept.parent_path(), temporary.path());
    EXPECT_NE(read_file(kept / "observations.csv").find(",3,ok\n"), std::string::npos);
    EXPECT_EQ(read_file(kept / claims_name), "# a claim");
}

TEST(run_writer, a_run_stands_whole_whatever_becomes_of_the_link) {
    const TemporaryFolder results;
    std::filesystem::create_directory(results.path() / "latest");
    results.write("latest/own", "a user's");
    const auto folder = write_run(results.path(), "made_up", one_row(std::uint64_t{3}), {{"schema", 2}}, {});
    EXPECT_EQ(open_run(folder).observations.size(), 1U);
    std::size_t entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(results.path())) ++entries;
    EXPECT_EQ(entries, 2U) << "the run and the folder, no half link";
}

}  // namespace
}  // namespace tare
