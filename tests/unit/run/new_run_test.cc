// SPDX-License-Identifier: Apache-2.0
// Runs that are written to one results folder at once: no two have one id, and none takes what another still writes.
#include "run/new_run.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <vector>

#include "tests/temporary_folder.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
}

TEST(new_run, an_id_is_given_once) {
    const TemporaryFolder results;
    NewRun first(results.path(), "made_up");
    NewRun second(results.path(), "made_up");
    EXPECT_NE(first.id(), second.id());
    first.publish();
    NewRun third(results.path(), "made_up");
    EXPECT_NE(third.id(), first.id());
    EXPECT_NE(third.id(), second.id());
}

TEST(new_run, processes_that_publish_at_once_take_nothing_from_each_other) {
    const TemporaryFolder results;
    constexpr std::size_t process_count = 8;
    constexpr std::size_t run_count = 20;
    std::vector<pid_t> children;
    for (std::size_t child = 0; child < process_count; ++child) {
        children.push_back(::fork());
        if (children.back() != 0) continue;
        for (std::size_t number = 0; number < run_count; ++number) {
            NewRun run(results.path(), "made_up");
            std::ofstream(run.folder() / run.id()) << child;
            run.publish();
        }
        ::_exit(0);
    }
    for (const pid_t child : children) {
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    const std::vector<std::string> runs = names_in(results.path());
    EXPECT_EQ(runs.size(), process_count * run_count);
    for (const std::string& run : runs) EXPECT_EQ(names_in(results.path() / run), std::vector<std::string>{run});
}

TEST(new_run, nothing_stays_of_one_that_is_not_published) {
    const TemporaryFolder results;
    { const NewRun run(results.path(), "made_up"); }
    EXPECT_EQ(names_in(results.path()), std::vector<std::string>{});
}

TEST(new_run, what_a_killed_process_left_is_removed_and_nothing_else) {
    const TemporaryFolder results;
    const pid_t child = ::fork();
    if (child == 0) {
        NewRun run(results.path(), "killed");
        std::ofstream(run.folder() / "observations.csv") << "some";
        ::_exit(0);  // no destructor, as after SIGKILL
    }
    ::waitpid(child, nullptr, 0);
    ASSERT_EQ(names_in(results.path()).size(), 1U);
    const std::filesystem::path left = results.path() / names_in(results.path()).front();
    results.write(".hidden", "a user's own");
    // Neither is named after a run and holds a run's files alone.
    const std::string of_user = ".backup.partial", of_others = ".own-20260108T101530Z.partial";
    for (const std::string& name : {of_user, of_others}) {
        std::filesystem::create_directory(results.path() / name);
        std::ofstream(results.path() / name / "letter.txt") << "dear";
    }
    const auto grow_old = [&] {
        for (const auto& entry : std::filesystem::directory_iterator(results.path()))
            std::filesystem::last_write_time(entry, std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
    };
    { const NewRun first(results.path(), "first"); }
    EXPECT_TRUE(std::filesystem::exists(left)) << "another tare may be at it";
    grow_old();
    const NewRun writing(results.path(), "writing");
    const NewRun other(results.path(), "other");
    const std::vector<std::string> names = names_in(results.path());
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()),
              (std::set<std::string>{".hidden", of_user, of_others, writing.folder().filename(), other.folder().filename()}));
}

}  // namespace
}  // namespace tare
