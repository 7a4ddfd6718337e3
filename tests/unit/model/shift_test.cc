// SPDX-License-Identifier: Apache-2.0
// The interval of a shift: what it cannot be made of, that a drift within turns does not widen it, and that it holds the truth as
// often as it says.
#include "analysis/model/shift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "core/median.h"

namespace tare {
namespace {

Shift shift_of(const std::vector<double>& values) {
    std::vector<std::pair<std::uint64_t, double>> effects;
    for (std::size_t index = 0; index < values.size(); ++index) effects.emplace_back(index, values[index]);
    return Shift(effects);
}

TEST(shift, the_median_of_odd_and_even_many) {
    EXPECT_EQ(median({3, 1, 2}), 2);
    EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
    EXPECT_EQ(median({7}), 7);
}

TEST(shift, a_higher_level_needs_more_repetitions) {
    EXPECT_EQ(fewest_repetitions(0.05), 6U);  // 1 - 2^-5 = 96.9 %, 1 - 2^-4 = 93.8 %
    EXPECT_EQ(fewest_repetitions(0.03125), 6U);
    EXPECT_EQ(fewest_repetitions(0.025), 7U);
    EXPECT_EQ(fewest_repetitions(0.001), 11U);
    EXPECT_EQ(fewest_repetitions(0.9), 2U);
    for (const double error : {0.05, 0.0125, 0.001}) {
        std::vector<double> values(fewest_repetitions(error) - 1, 1.0);
        EXPECT_FALSE(shift_of(values).at(error));
        values.push_back(1);
        EXPECT_TRUE(shift_of(values).at(error));
    }
}

TEST(shift, equal_values_leave_no_room) {
    const Estimated estimated = *shift_of(std::vector<double>(10, 4.0)).at(0.05);
    EXPECT_EQ(estimated.value, 4);
    EXPECT_EQ(estimated.interval.low, 4);
    EXPECT_EQ(estimated.interval.high, 4);
}

// Of the values 1 to 12, two by two 1.5, 3.5 … 11.5; six slices are six signs, whose least and most are an interval of 96.9 %.
TEST(shift, slices_are_two_repetitions_and_few_ones_stand_for_themselves) {
    const Shift twelve = shift_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    EXPECT_EQ(twelve.at(0.05)->interval.low, 1.5);
    EXPECT_EQ(twelve.at(0.05)->interval.high, 11.5);
    EXPECT_EQ(twelve.at(0.05)->value, 6.5);
    EXPECT_EQ(twelve.at(0.001)->interval.low, 1);  // 1 - 2^-11 is above 99.9 %, 1 - 2^-5 is not
    const Shift eight = shift_of({8, 1, 7, 2, 6, 3, 5, 4});
    EXPECT_EQ(eight.at(0.05)->interval.low, 1);
    EXPECT_EQ(eight.at(0.05)->interval.high, 8);
    EXPECT_EQ(eight.at(0.05)->value, 4.5);
}

// A machine that drifts puts +5 on one half of each turn and -5 on the other.
TEST(shift, a_drift_within_turns_does_not_widen_it) {
    std::vector<double> values, drifting;
    for (const int noise : {3, -9, 6, 1, -4, 8, -2, -7, 5, 0, 2, -3, 7, -1, 4, -5}) {
        drifting.push_back(noise + (drifting.size() % 2 == 0 ? 500 : -500));
        values.push_back(noise);
    }
    const Estimated still = *shift_of(values).at(0.05);
    const Estimated drifted = *shift_of(drifting).at(0.05);
    EXPECT_NEAR(drifted.value, still.value, 1e-9);
    EXPECT_NEAR(drifted.interval.low, still.interval.low, 1e-9);
    EXPECT_NEAR(drifted.interval.high, still.interval.high, 1e-9);
}

// Where one of two is left out for its marks, the slice is the other alone, and no slice is moved.
TEST(shift, slices_go_by_the_repetitions_number) {
    std::vector<std::pair<std::uint64_t, double>> effects;
    for (std::uint64_t repetition = 0; repetition < 14; ++repetition) {
        if (repetition != 0) effects.emplace_back(repetition, repetition % 2 == 0 ? 100.0 : -100.0);
    }
    const Estimated estimated = *Shift(effects).at(0.05);
    EXPECT_EQ(estimated.value, 0);
    EXPECT_EQ(estimated.interval.high, 0);
}

// A thousand repetitions are no more than 64 slices, and so no slower than 128.
TEST(shift, it_widens_with_the_level_and_narrows_with_the_repetitions) {
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal;
    std::vector<double> values(1000);
    for (double& value : values) value = normal(random);
    const Interval many = shift_of(values).at(0.05)->interval;
    const Interval few = shift_of({values.begin(), values.begin() + 48}).at(0.05)->interval;
    EXPECT_LT(many.half_width(), few.half_width() / 3);
    const Interval sure = shift_of(values).at(0.0001)->interval;
    EXPECT_LT(sure.low, many.low);
    EXPECT_GT(sure.high, many.high);
}

// 1000 samples each: of 95 % at least 93 % must hold the truth (three standard errors below), of independent noise, whatever its
// tails; with neighbours alike by 0.3, which slices of two only lessen, 87 %. tare-interval-coverage has more.
TEST(shift, it_holds_the_truth_as_often_as_it_says) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    std::student_t_distribution<double> heavy(3);
    double last = 0;
    const std::vector<std::pair<std::function<double()>, int>> kinds{
        {[&] { return normal(random); }, 930},
        {[&] { return heavy(random); }, 930},
        {[&] { return last = 0.3 * last + normal(random); }, 870},
    };
    for (const auto& [noise, least] : kinds) {
        for (const std::size_t count : {6U, 12U, 24U, 48U}) {
            int held = 0;
            for (int sample = 0; sample < 1000; ++sample) {
                std::vector<double> values(count);
                for (double& value : values) value = noise();
                held += shift_of(values).at(0.05)->interval.contains(0) ? 1 : 0;
            }
            EXPECT_GE(held, least) << count;
        }
    }
}

}  // namespace
}  // namespace tare
