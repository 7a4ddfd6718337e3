// SPDX-License-Identifier: Apache-2.0
// Counts add up part by part, and become readings that hold every total and only the parts that happened.
#include "core/counts.h"

#include <gtest/gtest.h>

#include "core/counts_snapshot.h"

namespace tare {
namespace {

constexpr std::size_t send_opcode = 26;

Counts one_of_each() {
    return Counts{}
        .call(SystemCall::recvfrom, 2)
        .call(SystemCall::sendto)
        .sqe(send_opcode, 3)
        .cqe(send_opcode)
        .allocation(AllocationSite::input_copy, 100)
        .copy(CopyEdge::accum_to_input, 40)
        .copy(CopyEdge::accum_to_input, 2);
}

TEST(counts, a_sum_adds_every_part) {
    const Counts sum = one_of_each() + one_of_each();
    EXPECT_EQ(sum.system_calls[index_of(SystemCall::recvfrom)], 4U);
    EXPECT_EQ(sum.system_calls[index_of(SystemCall::sendto)], 2U);
    EXPECT_EQ(sum.sqes[send_opcode], 6U);
    EXPECT_EQ(sum.cqes[send_opcode], 2U);
    EXPECT_EQ(sum.allocations[index_of(AllocationSite::input_copy)], 2U);
    EXPECT_EQ(sum.allocated_bytes[index_of(AllocationSite::input_copy)], 200U);
    EXPECT_EQ(sum.copies[index_of(CopyEdge::accum_to_input)], 4U);
    EXPECT_EQ(sum.copied_bytes[index_of(CopyEdge::accum_to_input)], 84U);
    EXPECT_EQ(sum + Counts{}, sum);
}

TEST(counts, a_copy_of_no_bytes_is_none) { EXPECT_EQ(Counts{}.copy(CopyEdge::value_to_response, 0), Counts{}); }

TEST(counts, an_allocation_of_no_bytes_is_one) {
    EXPECT_EQ(Counts{}.allocation(AllocationSite::response, 0).allocations[index_of(AllocationSite::response)], 1U);
}

TEST(counts_snapshot, holds_every_total_and_only_the_parts_that_happened) {
    EXPECT_EQ(snapshot_of(one_of_each()), (Snapshot{{{"syscalls", ""}, 3U},
                                                    {{"syscalls", "recvfrom"}, 2U},
                                                    {{"syscalls", "sendto"}, 1U},
                                                    {{"sqes", ""}, 3U},
                                                    {{"sqes", "send"}, 3U},
                                                    {{"cqes", ""}, 1U},
                                                    {{"cqes", "send"}, 1U},
                                                    {{"allocations", ""}, 1U},
                                                    {{"allocations", "input_copy"}, 1U},
                                                    {{"allocated_bytes", ""}, 100U},
                                                    {{"allocated_bytes", "input_copy"}, 100U},
                                                    {{"copies", ""}, 2U},
                                                    {{"copies", "accum_to_input"}, 2U},
                                                    {{"copied_bytes", ""}, 42U},
                                                    {{"copied_bytes", "accum_to_input"}, 42U}}));
}

TEST(counts_snapshot, of_nothing_is_seven_totals_of_zero) {
    const Snapshot nothing = snapshot_of(Counts{});
    EXPECT_EQ(nothing.size(), 7U);
    for (const auto& [quantity, reading] : nothing) {
        EXPECT_EQ(quantity.detail, "");
        EXPECT_EQ(reading, Measured<std::uint64_t>(0U)) << quantity.metric;
    }
}

}  // namespace
}  // namespace tare
