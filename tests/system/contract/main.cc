// SPDX-License-Identifier: Apache-2.0
// All cases of a shard in one process: exit code 77 when one was skipped and none failed, so that a skip is seen.
#include <gtest/gtest.h>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    const int failed = RUN_ALL_TESTS();
    return failed == 0 && testing::UnitTest::GetInstance()->skipped_test_count() > 0 ? 77 : failed;
}
