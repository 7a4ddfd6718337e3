// SPDX-License-Identifier: Apache-2.0
#include "core/nearest_name.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

const std::vector<std::string_view> verbs{"attach", "calibrate", "compare", "contrast", "doctor", "list", "load", "run", "stat"};

TEST(NearestName, OneSlipOfEachKindIsForgiven) {
    EXPECT_EQ(nearest_name("laod", verbs), "load");   // swapped
    EXPECT_EQ(nearest_name("loda", verbs), "load");   // swapped
    EXPECT_EQ(nearest_name("lod", verbs), "load");    // too few
    EXPECT_EQ(nearest_name("loaad", verbs), "load");  // too many
    EXPECT_EQ(nearest_name("liad", verbs), "load");   // another
    EXPECT_EQ(nearest_name("calibarte", verbs), "calibrate");
    EXPECT_EQ(nearest_name("DOCTOR", verbs), "doctor");
}

TEST(NearestName, LongNamesMayHaveMoreSlipsThanShortOnes) {
    EXPECT_EQ(nearest_name("uring/oneshot/as_discribd", {"uring/oneshot/as_described", "uring/oneshot/inline_keys"}),
              "uring/oneshot/as_described");
    EXPECT_EQ(nearest_name("rub", verbs), "run");
    EXPECT_EQ(nearest_name("rxb", verbs), "");
}

TEST(NearestName, WhatIsFarFromAllIsNearNone) {
    EXPECT_EQ(nearest_name("weigh", verbs), "");
    EXPECT_EQ(nearest_name("", verbs), "");
    EXPECT_EQ(nearest_name("a", {"b", "c"}), "");
    EXPECT_EQ(nearest_name("load", {}), "");
    EXPECT_EQ(nearest_name(std::string(100000, 'x'), verbs), "");
}

TEST(NearestName, TheBeginOfOneNameAloneIsThatName) {
    EXPECT_EQ(nearest_name("overhead", {"overhead-analysis", "ladders"}), "overhead-analysis");
    EXPECT_EQ(nearest_name("uring/", {"uring/oneshot/as_described", "uring/multishot/as_described"}), "");
    EXPECT_EQ(nearest_name("get", {"get_hit", "get_miss", "set"}), "");
}

TEST(NearestName, TheSentenceIsThereOnlyWithAName) {
    EXPECT_EQ(did_you_mean("stta", verbs), "; did you mean 'stat'?");
    EXPECT_EQ(did_you_mean("weigh", verbs), "");
    EXPECT_EQ(did_you_mean("stta", std::vector<std::string>{"stat"}), "; did you mean 'stat'?");
}

}  // namespace
}  // namespace tare
