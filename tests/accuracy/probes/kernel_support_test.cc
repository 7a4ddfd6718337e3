// SPDX-License-Identifier: Apache-2.0
// What a kernel lacks is named, with the version that brought it, before anything is loaded or served.
#include <gtest/gtest.h>
#include <liburing.h>

#include <array>
#include <filesystem>
#include <string>

#include "core/error.h"
#include "probes/attach/kernel_support.h"
#include "servers/uring/kernel_support.h"
#include "tests/required.h"

namespace tare {
namespace {

template <class Action>
std::string refusal(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::cannot_measure);
        return error.what();
    }
    return "";
}

class KernelTypes : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists("/sys/kernel/btf/vmlinux")) skip_or_fail("a kernel with BTF");
    }
};

TEST_F(KernelTypes, ATracepointIsKnownByItsNameAndItsArguments) {
    EXPECT_TRUE(has_tracepoint("sys_enter"));
    EXPECT_TRUE(has_tracepoint("sys_enter", 2));
    EXPECT_FALSE(has_tracepoint("sys_enter", 3));
    EXPECT_FALSE(has_tracepoint("no_such_tracepoint"));
}

TEST_F(KernelTypes, AMissingHelperIsNamedWithItsVersion) {
    EXPECT_EQ(refusal([] { require_helper("get_current_pid_tgid", "4.2"); }), "");
    EXPECT_TRUE(refusal([] {
                    require_helper("no_such_helper", "9.9");
                }).ends_with(" has no BPF helper bpf_no_such_helper, which came with Linux 9.9"));
}

TEST_F(KernelTypes, ThisKernelIsNotTooOld) {
    EXPECT_EQ(refusal([] { require_kernel(); }), "");
}

TEST(UringSupport, AFeatureThatTheRingHasNotIsNamedWithItsVersion) {
    io_uring ring{};
    EXPECT_EQ(refusal([&] { uring::require_features(ring, uring::feature_receive_bundle); }),
              "this kernel has no IORING_FEAT_RECVSEND_BUNDLE, which came with Linux 6.10");
    EXPECT_EQ(refusal([&] { uring::require_features(ring, IORING_FEAT_CQE_SKIP); }),
              "this kernel has no IORING_FEAT_CQE_SKIP, which came with Linux 5.17");
    ring.features = IORING_FEAT_CQE_SKIP;
    EXPECT_EQ(refusal([&] { uring::require_features(ring, IORING_FEAT_CQE_SKIP); }), "");
}

TEST(UringSupport, AnOpcodeThatTheKernelHasNotIsNamed) {
    io_uring ring{};
    if (const int error = io_uring_queue_init(8, &ring, 0); error < 0) return skip_or_fail("io_uring: " + error_text(-error));
    constexpr std::array<std::uint8_t, 2> known{IORING_OP_NOP, IORING_OP_RECV};
    constexpr std::array<std::uint8_t, 2> unknown{IORING_OP_NOP, 63};
    EXPECT_EQ(refusal([&] { uring::require_opcodes(ring, known); }), "");
    EXPECT_EQ(refusal([&] { uring::require_opcodes(ring, unknown); }), "this kernel has no io_uring opcode opcode_63");
    io_uring_queue_exit(&ring);
}

}  // namespace
}  // namespace tare
