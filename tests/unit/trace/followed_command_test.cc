// SPDX-License-Identifier: Apache-2.0
// A command that is followed where the kernel does not tell a tracer of its calls.
#include "harness/trace/followed_command.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace tare {
namespace {

// As a kernel before 5.3 answers.
bool forget_call_info() {
    std::array<sock_filter, 6> code{
        {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 3),
         BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PTRACE_GET_SYSCALL_INFO, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
    const sock_fprog filter{code.size(), code.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

void count_unseen() {
    if (!forget_call_info()) ::_exit(1);
    const std::optional<CountedCommand> counted = follow_command({"/bin/true"}, CommandOptions{}, "refused");
    if (!counted || counted->status != 0) ::_exit(2);
    const Snapshot counts = counted->counts();
    for (const char* metric : {"syscalls", "wait_events", "sqes", "cqes", "allocations", "copies"}) {
        if (counts.part(metric, "").present()) ::_exit(3);
    }
    if (counts.part("syscalls", "").reason().find("Linux 5.3") == std::string::npos) ::_exit(4);
    ::_exit(0);
}

TEST(FollowedCommand, CallsThatTheKernelDoesNotTellOfAreAbsent) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(count_unseen(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tare
