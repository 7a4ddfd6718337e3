// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/value_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/process/scratch_folder.h"
#include "tests/refusal.h"

namespace tare {
namespace {

LoadPlan plan_in(const std::filesystem::path& folder) {
    LoadPlan plan;
    plan.protocol = *protocol_named("http");
    plan.key_count = 3;
    plan.files = folder;
    return plan;
}

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(value_files, a_second_process_is_refused_the_folder_and_takes_nothing_away) {
    const ScratchFolder folder;
    const std::filesystem::path place = folder.path() / "served";
    std::filesystem::create_directory(place);
    {
        const TemporaryValueFiles first(plan_in(place));
        const std::string told = refusal(ExitCode::usage, [&] { const TemporaryValueFiles second(plan_in(place)); });
        EXPECT_NE(told.find("another tare load has its files in"), std::string::npos) << told;
        EXPECT_EQ(files_in(place), 3);
    }
    EXPECT_EQ(files_in(place), 0);
    const TemporaryValueFiles next(plan_in(place));
    EXPECT_EQ(files_in(place), 3);
}

TEST(value_files, what_was_there_stays_as_it_is) {
    const ScratchFolder folder;
    const std::filesystem::path place = folder.path() / "served";
    std::filesystem::create_directory(place);
    const LoadPlan plan = plan_in(place);
    const ValuePool pool(plan.value_bytes, plan.seed, has_text_values(plan.protocol));
    LoadPlan fewer = plan;
    fewer.key_count = 1;
    write_value_files(fewer, pool);
    const std::filesystem::path mine = std::filesystem::directory_iterator(place)->path();
    const auto written = std::filesystem::last_write_time(mine);
    {
        const TemporaryValueFiles files(plan);
        write_value_files(plan, pool);
        EXPECT_EQ(files_in(place), 3);
    }
    EXPECT_EQ(files_in(place), 1);
    EXPECT_EQ(std::filesystem::last_write_time(mine), written);
}

TEST(value_files, nothing_is_written_through_a_link) {
    const ScratchFolder folder;
    const std::filesystem::path place = folder.path() / "served";
    std::filesystem::create_directory(place);
    LoadPlan plan = plan_in(place);
    plan.key_count = 1;
    const ValuePool pool(plan.value_bytes, plan.seed, has_text_values(plan.protocol));
    write_value_files(plan, pool);
    const std::filesystem::path file = std::filesystem::directory_iterator(place)->path();
    const std::filesystem::path target = folder.path() / "target";
    std::filesystem::remove(file);
    std::filesystem::create_symlink(target, file);
    EXPECT_NE(refusal(ExitCode::usage, [&] { const TemporaryValueFiles files(plan); }).find("holds something else"),
              std::string::npos);
    write_value_files(plan, pool);
    EXPECT_FALSE(std::filesystem::exists(target));
    EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(file)));
}

}  // namespace
}  // namespace tare
