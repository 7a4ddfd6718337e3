// SPDX-License-Identifier: Apache-2.0
// What others may do with the files that root's commands are counted in.
#include "harness/trace/preload_memory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tare {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
}

TEST(PreloadMemory, NobodyElseWritesTheEnvironmentOfAnExec) {
    const PreloadMemory memory;
    EXPECT_EQ(mode_of(memory.slots_path()) & 0022, 0U);
}

TEST(PreloadMemory, NobodyElseFindsItsFiles) {
    const PreloadMemory memory, other;
    const std::filesystem::path path = memory.path();
    EXPECT_EQ(mode_of(path.parent_path()) & 0066, 0U);
    EXPECT_NE(path.filename(), std::filesystem::path(other.path()).filename());
    EXPECT_NE(path, memory.slots_path());
    EXPECT_EQ(path.filename().string().size(), 32U);
}

TEST(PreloadMemory, AFileCutShortHasNoCounts) {
    const PreloadMemory memory;
    EXPECT_EQ(memory.allocations().part("allocations", ""), std::uint64_t{0});
    ASSERT_EQ(::truncate(memory.path().c_str(), 8), 0);
    EXPECT_FALSE(memory.allocations().part("allocations", "").present());
    EXPECT_FALSE(memory.copies().part("copies", "").present());
}

TEST(PreloadMemory, ItsPathsAreThoseThatMapsShow) {
    const std::filesystem::path link = std::filesystem::path(testing::TempDir()) / "preload_memory_link";
    std::filesystem::create_directory_symlink(std::filesystem::canonical(testing::TempDir()), link);
    const char* const former = std::getenv("TMPDIR");
    const std::string kept = former != nullptr ? former : "";
    ::setenv("TMPDIR", link.c_str(), 1);
    {
        const PreloadMemory memory;
        EXPECT_EQ(memory.path(), std::filesystem::canonical(memory.path()));
        EXPECT_EQ(memory.slots_path(), std::filesystem::canonical(memory.slots_path()));
    }
    if (former != nullptr)
        ::setenv("TMPDIR", kept.c_str(), 1);
    else
        ::unsetenv("TMPDIR");
    std::filesystem::remove(link);
}

}  // namespace
}  // namespace tare
