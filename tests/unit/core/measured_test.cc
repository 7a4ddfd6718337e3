// SPDX-License-Identifier: Apache-2.0
// Absent is never zero: no arithmetic of readings makes a number of a reason.
#include "core/measured.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>

namespace tare {
namespace {

const Measured<std::uint64_t> lost = Absent{"lost events"};
const Measured<std::uint64_t> denied = Absent{"no permission"};

Measured<std::uint64_t> count(std::uint64_t value) { return value; }

TEST(reading, a_difference_is_close_minus_open) {
    EXPECT_EQ(count(7) - count(3), count(4));
    EXPECT_EQ(count(3) - count(3), count(0));
}

TEST(reading, a_difference_passes_absence_on) {
    EXPECT_EQ(lost - count(3), lost);
    EXPECT_EQ(count(3) - denied, denied);
    EXPECT_EQ(lost - denied, lost);
}

TEST(reading, a_sum_passes_absence_on) {
    EXPECT_EQ(count(3) + count(4), count(7));
    EXPECT_EQ(count(3) + denied, denied);
    EXPECT_EQ(lost + count(3), lost);
}

TEST(reading, a_counter_that_shrank_is_absent) {
    const Measured<std::uint64_t> change = count(3) - count(4);
    ASSERT_FALSE(change.present());
    EXPECT_EQ(change.reason(), "the counter went backwards");
}

TEST(reading, absent_differs_from_zero) { EXPECT_NE(lost, count(0)); }

TEST(reading_death, a_value_is_not_taken_from_an_absent_reading) {
    EXPECT_DEATH(lost.value(), "value\\(\\) of an absent reading");
    EXPECT_DEATH(count(0).reason(), "reason\\(\\) of a present reading");
}

TEST(reading, a_temporary_gives_its_value_away_and_no_reference_to_it) {
    static_assert(std::is_same_v<decltype(Measured<std::string>("read").value()), std::string>);
    static_assert(std::is_same_v<decltype(Measured<std::string>(Absent{"why"}).reason()), std::string>);
    const std::string& value = Measured<std::string>("longer than what a string holds in itself").value();
    EXPECT_EQ(value, "longer than what a string holds in itself");
    EXPECT_EQ(*Measured<std::unique_ptr<int>>(std::make_unique<int>(3)).value(), 3);
}

TEST(reading, a_transformed_value_passes_absence_on) {
    const auto doubled = [](std::uint64_t value) { return 2.0 * static_cast<double>(value); };
    EXPECT_EQ(count(3).transform(doubled), Measured<double>(6));
    EXPECT_EQ(lost.transform(doubled), Measured<double>(Absent{"lost events"}));
}

TEST(reading, a_transformation_may_find_a_reason_of_its_own) {
    const auto whole_half = [](std::uint64_t value) -> Measured<std::uint64_t> {
        if (value % 2 != 0) return Absent{"odd"};
        return value / 2;
    };
    EXPECT_EQ(count(6).transform(whole_half), count(3));
    EXPECT_EQ(count(3).transform(whole_half), Measured<std::uint64_t>(Absent{"odd"}));
    EXPECT_EQ(lost.transform(whole_half), lost);
}

}  // namespace
}  // namespace tare
