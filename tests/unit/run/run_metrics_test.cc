// SPDX-License-Identifier: Apache-2.0
// A run may have metrics that its suite names, if its environment lists them; any other name is refused with its line.
#include "run/run_metrics.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "run/run_reader.h"
#include "run/run_writer.h"
#include "run/table.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

std::filesystem::path run_in(const TemporaryFolder& folder, const std::string& name, const nlohmann::json& environment) {
    Observation row;
    row.cell.variant = {"memcached", "", ""};
    row.cell.build = Build::external;
    row.cell.op = "get_hit";
    row.source = Source::bpf;
    row.quantity = {"locks", ""};
    row.divisor = {100, Per::request};
    row.reading = std::uint64_t{200};
    std::filesystem::path run = folder.path() / name;
    std::filesystem::create_directories(run);
    std::ofstream(run / "observations.csv") << observation_header() << observation_line(row);
    std::ofstream(run / "environment.json") << environment.dump();
    write_checksums(run);
    return run;
}

TEST(run_metrics, a_counter_that_the_environment_lists_is_read) {
    const TemporaryFolder folder;
    const tare::Run run = open_run(
        run_in(folder, "a", {{"run", "a"}, {"schema", present_schema}, {"counters", {{"locks", {{"functions", {"lock"}}}}}}}));
    EXPECT_EQ(run.observations.at(0).quantity.metric, "locks");
    EXPECT_EQ(counters_of_run(run.environment), std::vector<std::string>{"locks"});
}

TEST(run_metrics, one_that_it_does_not_list_is_refused_with_its_line) {
    const TemporaryFolder folder;
    for (const nlohmann::json& environment :
         {nlohmann::json{{"run", "b"}}, nlohmann::json{{"run", "b"}, {"counters", {{"lock", {}}}}}}) {
        const auto run = run_in(folder, "b", environment);
        const std::string refused = refusal(ExitCode::data_refused, [&] { open_run(run); });
        EXPECT_NE(refused.find("observations.csv:2: metric is 'locks'"), std::string::npos) << refused;
    }
}

}  // namespace
}  // namespace tare
