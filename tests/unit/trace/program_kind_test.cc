// SPDX-License-Identifier: Apache-2.0
// Which programs a library can be preloaded to, by the head of their files.
#include "harness/trace/program_kind.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tare {
namespace {

TEST(ProgramKind, AScriptIsWhatItsInterpreterIs) {
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "program_kind";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "script") << "#! /bin/sh -e\n";
    EXPECT_EQ(why_not_preloaded((folder / "script").string(), "script"), "");
    std::string head_of_32_bits("\177ELF\1\1\1", 7);
    head_of_32_bits.resize(64);
    std::ofstream(folder / "foreign", std::ios::binary) << head_of_32_bits;
    std::ofstream(folder / "of_foreign") << "#!" << (folder / "foreign").string() << "\n";
    EXPECT_NE(why_not_preloaded((folder / "of_foreign").string(), "of_foreign").find("foreign is no 64-bit program"),
              std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST(ProgramKind, GlibcsProgramsAndItsLinkerAreTaken) {
    EXPECT_EQ(why_not_preloaded("/bin/sh", "sh"), "");
    EXPECT_EQ(why_not_preloaded("/lib64/ld-linux-x86-64.so.2", "linker"), "");
    EXPECT_EQ(why_not_preloaded("/nowhere/to/be/found", "nothing"), "");
}

TEST(ProgramKind, PathsAreThoseOfTheStoppedProcess) {
    EXPECT_EQ(path_from_here(7, AT_FDCWD, "/bin/sh"), "/proc/7/root/bin/sh");
    EXPECT_EQ(path_from_here(7, AT_FDCWD, "tool"), "/proc/7/cwd/tool");
    EXPECT_EQ(path_from_here(7, 5, "tool"), "/proc/7/fd/5/tool");
    EXPECT_EQ(path_from_here(7, 5, ""), "/proc/7/fd/5");
    EXPECT_EQ(path_from_here(7, AT_FDCWD, "/proc/self/exe"), "/proc/7/exe");
}

}  // namespace
}  // namespace tare
