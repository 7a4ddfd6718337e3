// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/confinement.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

using Names = std::vector<std::string>;

TEST(confinement, the_mask_of_proc_says_which_capabilities_are_missing) {
    EXPECT_EQ(capabilities_missing("000001ffffffffff"), Names{});
    EXPECT_EQ(capabilities_missing("0000000000000000"), (Names{"BPF", "PERFMON", "SYS_ADMIN", "SYS_PTRACE"}));
    EXPECT_EQ(capabilities_missing("00000000a80425fb"), (Names{"BPF", "PERFMON", "SYS_ADMIN", "SYS_PTRACE"}));  // Docker's own
    EXPECT_EQ(capabilities_missing("000000c000000000"), (Names{"SYS_ADMIN", "SYS_PTRACE"}));
    EXPECT_EQ(capabilities_missing(""), (Names{"BPF", "PERFMON", "SYS_ADMIN", "SYS_PTRACE"}));
}

TEST(confinement, what_is_absent_has_a_remedy_and_what_is_there_none) {
    for (const Finding& finding : confinement()) {
        EXPECT_FALSE(finding.detail.empty()) << finding.subject;
        EXPECT_EQ(finding.remedy.sentence.empty(), finding.works) << finding.subject;
    }
}

}  // namespace
}  // namespace tare
