// SPDX-License-Identifier: Apache-2.0
// Rings that are used in a way that is not followed are absent, and no 0.
#include "harness/trace/tree_rings.h"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <sys/syscall.h>

namespace tare {
namespace {

Snapshot seen_after(std::uint32_t arch, std::uint64_t number) {
    TreeRings rings;
    StoppedCall call{};
    call.info.arch = arch;
    call.info.entry.nr = number;
    rings.begins(call);
    return rings.read();
}

TEST(TreeRings, AreAbsentWhereAnotherGateThanTheNativeOneUsesThem) {
    constexpr std::uint64_t x32_bit = 0x40000000;
    for (const Snapshot& seen :
         {seen_after(AUDIT_ARCH_I386, SYS_io_uring_setup), seen_after(AUDIT_ARCH_X86_64, x32_bit | SYS_io_uring_enter)}) {
        EXPECT_FALSE(seen.total("sqes").present());
        EXPECT_FALSE(seen.total("cqes").present());
    }
    EXPECT_EQ(seen_after(AUDIT_ARCH_I386, 1).total("sqes"), Measured<std::uint64_t>(std::uint64_t{0}));
}

}  // namespace
}  // namespace tare
