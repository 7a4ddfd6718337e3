// SPDX-License-Identifier: Apache-2.0
#include "harness/process/subprocess.h"

#include <gtest/gtest.h>

#include "harness/process/long_command.h"
#include "tests/refusal.h"

namespace tare {
namespace {

using namespace std::chrono_literals;

TEST(subprocess, lines_come_one_by_one) {
    Subprocess process({"printf", "one\ntwo\nthree"});
    EXPECT_EQ(process.read_line(10s), "one");
    EXPECT_EQ(process.read_line(10s), "two");
    EXPECT_EQ(process.read_line(10s), std::nullopt);
    EXPECT_EQ(process.read_all(10s), "three");
}

TEST(subprocess, a_line_is_awaited_no_longer_than_it_was_asked) {
    Subprocess process({"sleep", "100"});
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(process.read_line(50ms), std::nullopt);
    const auto waited = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(waited, 50ms);
    EXPECT_LT(waited, 10s);
}

TEST(subprocess, a_line_without_an_end_comes_in_pieces) {
    Subprocess process({"cat", "/dev/zero"});
    for (int piece = 0; piece < 3; ++piece) {
        const auto line = process.read_line(10s);
        ASSERT_TRUE(line);
        EXPECT_GE(line->size(), std::size_t{64} << 10);
        EXPECT_LE(line->size(), std::size_t{1} << 20);
    }
}

// 200 bytes a request, and nobody who reads them: a pipe takes 64 KiB.
TEST(subprocess, one_that_nobody_listens_to_goes_on) {
    Subprocess process({"sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo the last >&2"});
    EXPECT_TRUE(process.ended(10s));
    EXPECT_TRUE(process.last_errors().ends_with("the last"));
}

TEST(subprocess, its_last_errors_are_told_while_it_goes_on_writing_them) {
    Subprocess process({"sh", "-c", "exec yes errors >&2"});
    ASSERT_FALSE(process.ended(100ms));
    const std::string errors = process.last_errors();
    EXPECT_FALSE(errors.empty());
    EXPECT_LE(errors.size(), std::size_t{4096});
}

TEST(subprocess, one_that_prints_without_an_end_is_refused) {
    const auto all_of = [](const std::vector<std::string>& command) { Subprocess(command).read_all(500ms); };
    EXPECT_EQ(refusal(ExitCode::run_failed, [&] { all_of({"yes"}); }), "yes: it prints more than 1 MiB");
    EXPECT_EQ(refusal(ExitCode::run_failed, [&] { all_of({"sleep", "100"}); }), "sleep: it does not end within 500 ms");
}

TEST(long_command, its_last_lines_are_the_last) {
    const std::string told = refusal(ExitCode::run_failed, [] {
        run_long_command({"sh", "-c", "seq 20000; echo CAUSE; exit 1"}, "/");
    });
    EXPECT_NE(told.find("\nCAUSE"), std::string::npos) << told;
}

}  // namespace
}  // namespace tare
