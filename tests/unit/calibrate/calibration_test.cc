// SPDX-License-Identifier: Apache-2.0
// Calibration keeps every repetition, an absent subject is absent, and what the machine is asked for answers plausibly.
#include "harness/calibrate/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace tare {
namespace {

using calibration::Subject;
using calibration::Timed;

constexpr CalibrationEffort short_effort{.repetitions = 3, .min_time_s = 0.0005, .round_count = 2};

std::vector<Calibration> calibrate_one(Subject subject, const CalibrationEffort& effort) {
    return calibrate({std::move(subject)}, choose_cores().server_cpu, effort);
}

TEST(Calibration, KeepsEveryRepetitionPerEvent) {
    int repetition = 0;
    // Two events of 1000 ns, then of 2000 ns, and so on.
    const auto body = [&](benchmark::State& state) {
        ++repetition;
        for (auto _ : state) state.SetIterationTime(2e-6 * repetition);
    };
    const auto rows = calibrate_one({"made_up", 7, "things", Timed::parts, 2, body}, {.repetitions = 4, .round_count = 3});
    ASSERT_EQ(rows.size(), 1U);
    const std::vector<double>& ns = rows[0].ns.value();
    ASSERT_EQ(ns.size(), 4U);
    for (std::size_t index = 0; index < 4; ++index) EXPECT_NEAR(ns[index], 1000.0 * static_cast<double>(index + 1), 0.01);
    EXPECT_NEAR(median_ns(rows[0]), 2500, 0.01);
    const nlohmann::json row = to_json(rows).at(0);
    EXPECT_EQ(row.at("name"), "made_up");
    EXPECT_EQ(row.at("argument"), 7);
    EXPECT_EQ(row.at("argument_unit"), "things");
    EXPECT_EQ(row.at("ns").size(), 4U);
    EXPECT_FALSE(row.contains("status"));
}

TEST(Calibration, WhatCannotBeMeasuredIsAbsentAndNeverZero) {
    const std::map<std::string, std::function<void(benchmark::State&)>> bodies{
        {"io_uring_setup: Operation not permitted",
         [](benchmark::State&) { throw cannot_measure("io_uring_setup: Operation not permitted"); }},
        {"the peer went away", [](benchmark::State& state) {
             for (auto _ : state) throw run_failed("the peer went away");
         }}};
    for (const auto& [reason, body] : bodies) {
        const auto rows = calibrate_one({.name = "refused", .argument_unit = "calls", .body = body}, short_effort);
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].ns, Measured<std::vector<double>>(Absent{reason}));
        const nlohmann::json row = to_json(rows).at(0);
        EXPECT_EQ(row.at("status"), "absent:" + reason);
        EXPECT_FALSE(row.contains("ns"));
    }
}

// Google Benchmark 1.7 reads the statistics of the first repetition, which one that failed has not, when two others went well.
TEST(Calibration, ASubjectWhoseFirstRepetitionFailsIsAbsent) {
    int repetition = 0;
    const auto body = [&](benchmark::State& state) {
        if (++repetition == 1) throw run_failed("the peer went away");
        for (auto _ : state) state.SetIterationTime(1e-6);
    };
    const auto rows = calibrate_one({"made_up", 1, "calls", Timed::parts, 1, body}, {.repetitions = 4, .round_count = 2});
    EXPECT_EQ(rows.at(0).ns, Measured<std::vector<double>>(Absent{"the peer went away"}));
}

TEST(Calibration, TwiceKeepsBothTimesAndIsAbsentWhereEitherIs) {
    using Ns = std::vector<double>;
    const std::vector<Calibration> before{{"a", 1, "calls", Ns{5, 6}}, {"b", 1, "calls", Ns{7}}, {"c", 1, "calls", Absent{"no"}}};
    const std::vector<Calibration> after{
        {"a", 1, "calls", Ns{8, 9}}, {"b", 1, "calls", Absent{"gone"}}, {"c", 1, "calls", Ns{3}}};
    const nlohmann::json rows = to_json(before, after);
    EXPECT_EQ(rows.at(0).at("ns"), nlohmann::json({5, 6}));
    EXPECT_EQ(rows.at(0).at("ns_after"), nlohmann::json({8, 9}));
    EXPECT_EQ(rows.at(1).at("status"), "absent:after the passes: gone");
    EXPECT_FALSE(rows.at(1).contains("ns"));
    EXPECT_EQ(rows.at(2).at("status"), "absent:no");
    EXPECT_FALSE(rows.at(2).contains("ns_after"));
}

// A short run of every subject: each gives a time, or the reason why this machine does not.
TEST(Calibration, EverySubjectCostsSomethingAndMoreBytesCostMore) {
    const std::vector<Calibration> rows = calibrate(choose_cores(), short_effort);
    std::map<std::string, double> median;
    for (const Calibration& row : rows) {
        const std::string id = row.name + "/" + std::to_string(row.argument);
        if (!row.ns.present()) {
            EXPECT_TRUE(row.name.starts_with("uring_") || row.name == "wake_up") << id << ": " << row.ns.reason();
            EXPECT_FALSE(row.ns.reason().empty());
            continue;
        }
        const std::vector<double>& ns = row.ns.value();
        ASSERT_EQ(ns.size(), short_effort.repetitions) << id;
        EXPECT_GT(*std::min_element(ns.begin(), ns.end()), 0) << id;
        EXPECT_TRUE(median.emplace(id, median_ns(row)).second) << id << " is there twice";
    }
    EXPECT_GT(median.at("memcpy/1048576"), 4 * median.at("memcpy/64"));
    EXPECT_GT(median.at("loopback_send/65536"), median.at("loopback_send/64"));
    EXPECT_GT(median.at("epoll_wait/64"), median.at("epoll_wait/1"));
    EXPECT_GT(median.at("loopback_receive/64"), median.at("system_call/1") / 2);
}

}  // namespace
}  // namespace tare
