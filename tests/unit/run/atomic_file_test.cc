// SPDX-License-Identifier: Apache-2.0
// A write that fails leaves what was there, and nothing beside it.
#include "run/atomic_file.h"

#include <gtest/gtest.h>

#include "run/csv.h"
#include "tests/file_size_limit.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
}

TEST(atomic_file, new_content_replaces_the_old_and_nothing_is_left_over) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "file";
    write_file_atomically(path, "a longer first content");
    write_file_atomically(path, std::string("second\0", 7));
    EXPECT_EQ(read_file(path), std::string("second\0", 7));
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
}

TEST(atomic_file, a_write_that_fails_halfway_leaves_the_old_content_alone) {
    const TemporaryFolder folder;
    const auto path = folder.write("file", "old");
    std::string said;
    {
        const FileSizeLimit limit(4096);
        said = refusal(ExitCode::run_failed, [&] { write_file_atomically(path, std::string(10000, 'n')); });
    }
    EXPECT_NE(said.find("File too large"), std::string::npos) << said;
    EXPECT_NE(said.find(path.string()), std::string::npos) << said;
    EXPECT_EQ(read_file(path), "old");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
}

TEST(atomic_file, a_rename_that_fails_leaves_no_temporary_file) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "is_a_folder";
    std::filesystem::create_directory(path);
    const std::string said = refusal(ExitCode::run_failed, [&] { write_file_atomically(path, "text"); });
    EXPECT_NE(said.find("rename to " + path.string()), std::string::npos) << said;
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"is_a_folder"});
}

TEST(atomic_file, a_folder_that_is_missing_is_named) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "none" / "file";
    const std::string said = refusal(ExitCode::run_failed, [&] { write_file_atomically(path, "text"); });
    EXPECT_NE(said.find(path.string()), std::string::npos) << said;
}

}  // namespace
}  // namespace tare
