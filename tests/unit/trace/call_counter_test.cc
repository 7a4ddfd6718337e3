// SPDX-License-Identifier: Apache-2.0
// What a tracer's stops at system calls are counted as: by gate and number, and by what each returned.
#include "harness/trace/call_counter.h"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <sys/syscall.h>

namespace tare {
namespace {

constexpr pid_t thread = 7;

EnteredCall entered(std::uint64_t number, std::uint32_t architecture = AUDIT_ARCH_X86_64, std::uint64_t second = 0,
                    std::uint64_t third = 0) {
    __ptrace_syscall_info info{};
    info.arch = architecture;
    info.entry.nr = number;
    info.entry.args[1] = second;
    info.entry.args[2] = third;
    return entered_call(info);
}

class CallCounterTest : public testing::Test {
protected:
    void call(const EnteredCall& call, std::int64_t result) {
        counter_.begins(thread, call);
        counter_.ends(call, result);
    }
    Measured<std::uint64_t> part(const std::string& metric, const std::string& detail) const {
        return counter_.read().part(metric, detail);
    }
    CallCounter counter_{false};
};

TEST_F(CallCounterTest, EachGateHasNamesOfItsOwn) {
    call(entered(SYS_getppid), 1);
    call(entered(0x40000000 | SYS_getppid), 1);
    call(entered(20, AUDIT_ARCH_I386), 1);
    call(entered(static_cast<std::uint64_t>(-1)), -38);
    call(entered(0x7fffffffffff), -38);
    EXPECT_EQ(part("syscalls", "getppid"), 1U);
    EXPECT_EQ(part("syscalls", "x32:getppid"), 1U);
    EXPECT_EQ(part("syscalls", "i386:getpid"), 1U);
    EXPECT_EQ(part("syscalls", "syscall_-1"), 2U);
    EXPECT_EQ(part("syscalls", ""), 5U);
}

TEST_F(CallCounterTest, ResultsSayWhatACallMoved) {
    call(entered(SYS_read, AUDIT_ARCH_X86_64, 0, 100), 100);
    call(entered(SYS_read, AUDIT_ARCH_X86_64, 0, 100), 99);
    call(entered(SYS_read, AUDIT_ARCH_X86_64, 0, 100), 0);
    call(entered(SYS_read, AUDIT_ARCH_X86_64, 0, 100), -11);
    call(entered(SYS_close), 0);
    call(entered(3, AUDIT_ARCH_I386, 0, 0xf00000000 + 5), 5);  // its registers have 32 bits
    call(entered(SYS_epoll_wait), 3);
    EXPECT_EQ(part("syscalls_short", ""), 1U);
    EXPECT_EQ(part("syscalls_zero", ""), 1U);
    EXPECT_EQ(part("syscalls_eagain", "read"), 1U);
    EXPECT_EQ(part("wait_events", "epoll_wait"), 3U);
}

TEST_F(CallCounterTest, AFutexThatDidNotWaitIsNoWait) {
    constexpr std::uint64_t waits = FUTEX_WAIT | FUTEX_PRIVATE_FLAG;
    call(entered(SYS_futex, AUDIT_ARCH_X86_64, waits), 0);
    call(entered(SYS_futex, AUDIT_ARCH_X86_64, waits), -11);
    call(entered(SYS_futex, AUDIT_ARCH_X86_64, waits), -110);
    call(entered(SYS_futex, AUDIT_ARCH_X86_64, waits), -512);
    call(entered(SYS_futex, AUDIT_ARCH_X86_64, FUTEX_WAKE), 1);
    EXPECT_EQ(part("futex_waits", "woken"), 1U);
    EXPECT_EQ(part("futex_waits", "timed_out"), 1U);
    EXPECT_EQ(part("futex_waits", "interrupted"), 1U);
    EXPECT_EQ(part("futex_waits", ""), 3U);
}

TEST_F(CallCounterTest, NumbersBeyondTheRoomAreCountedTogether) {
    for (std::uint64_t number = 1000; number < 1000 + other_calls_max + 3; ++number) call(entered(number), -38);
    EXPECT_EQ(part("syscalls", unnamed_calls), 3U);
    EXPECT_EQ(part("syscalls", ""), std::uint64_t{other_calls_max + 3});
}

}  // namespace
}  // namespace tare
