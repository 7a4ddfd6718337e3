// SPDX-License-Identifier: Apache-2.0
#include "harness/process/child.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace tare {
namespace {

using namespace std::chrono_literals;

const auto nothing = [] { return true; };

TEST(child, its_wait_status_says_how_it_ended) {
    Child three({"sh", "-c", "exit 3"}, nothing);
    EXPECT_EQ(three.exec_error(), 0);
    const auto status = three.status(10s);
    ASSERT_TRUE(status);
    EXPECT_EQ(end_of(*status), "exit code 3");
    EXPECT_EQ(exit_code_of(*status), 3);
    Child killed({"sh", "-c", "kill -9 $$"}, nothing);
    const auto by_signal = killed.status(10s);
    ASSERT_TRUE(by_signal);
    EXPECT_EQ(end_of(*by_signal), "signal 9");
    EXPECT_EQ(exit_code_of(*by_signal), 137);
}

TEST(child, a_program_that_is_not_there_is_told_by_its_error_number) {
    EXPECT_EQ(Child({"/no/such/program"}, nothing).exec_error(), ENOENT);
}

TEST(child, a_preparation_that_fails_keeps_it_from_executing) {
    Child child({"sleep", "100"}, [] {
        errno = EPERM;
        return false;
    });
    EXPECT_EQ(child.exec_error(), EPERM);
    EXPECT_TRUE(child.status(10s));
}

TEST(child, it_is_prepared_before_it_executes) {
    Pipe output;
    Child child({"echo", "hello"}, [&] { return ::dup2(output.write_end.get(), STDOUT_FILENO) >= 0; });
    output.write_end.reset();
    char text[16] = {};
    EXPECT_EQ(::read(output.read_end.get(), text, sizeof(text)), 6);
    EXPECT_STREQ(text, "hello\n");
}

TEST(child, it_ends_with_its_owner) {
    pid_t pid = -1;
    {
        Child child({"sleep", "100"}, nothing);
        ASSERT_EQ(child.exec_error(), 0);
        pid = child.pid();
        EXPECT_EQ(::kill(pid, 0), 0);
        EXPECT_FALSE(child.status());
    }
    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace tare
