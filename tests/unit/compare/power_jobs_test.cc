// SPDX-License-Identifier: Apache-2.0
// Jobs drawn from recorded slices: what is planted in them is found, what drifts in all sides alike is not, and a slice is whole.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "tests/bench/power/resample.h"
#include "tests/unit/compare/made_up_comparison.h"

namespace tare {
namespace {

constexpr std::size_t windows = 48;

// CPU times of ten requests that differ by up to 2 % either way, around a mean that drifts by half over the recording.
std::vector<std::uint64_t> drifting(std::uint64_t side, std::size_t count = windows) {
    std::mt19937_64 random(side);
    std::vector<std::uint64_t> values;
    for (std::size_t window = 0; window < count; ++window) {
        const std::size_t slice = window / 2;
        const double drift = 1 + 0.5 * static_cast<double>(slice) / (windows / 2.0);
        const double noise = 1 + 0.04 * (static_cast<double>(random() % 1000) / 1000 - 0.5);
        values.push_back(static_cast<std::uint64_t>(60000 * drift * noise));
    }
    return values;
}

struct Recording {
    MadeUpFolder base, control, head;

    explicit Recording(std::size_t head_windows = windows) {
        base.times(Source::rusage, {"cpu_ns", ""}, drifting(1));
        control.times(Source::rusage, {"cpu_ns", ""}, drifting(2));
        head.times(Source::rusage, {"cpu_ns", ""}, drifting(3, head_windows));
    }
    std::vector<power::Slice> slices(const std::string& only = "") const {
        return power::slices_of({base.written(), control.written(), head.written()}, 0, std::regex(only));
    }
};

TEST(power_jobs, a_slice_has_both_repetitions_of_all_three_arms) {
    EXPECT_EQ(Recording().slices().size(), windows / 2);
    EXPECT_EQ(Recording(windows - 1).slices().size(), windows / 2 - 1) << "the last one has no way back";
    EXPECT_TRUE(Recording().slices("uring").empty());
}

TEST(power_jobs, what_is_planted_is_found_and_what_all_arms_share_is_not) {
    const std::vector<power::Slice> slices = Recording().slices();
    const compare::Gate gate = compare::load_gate("");
    for (std::uint64_t number = 0; number < 20; ++number) {
        const power::Job job(power::drawn(slices, 24, number), gate);
        ASSERT_EQ(job.cells(), std::vector<CellKey>{MadeUpFolder::load()});
        EXPECT_EQ(job.judged().code(), ExitCode::ok) << number;
        EXPECT_EQ(job.alike().code(), ExitCode::ok) << number;
        const compare::Comparison planted = job.judged(power::Plant{job.cells()[0], 0.1});
        EXPECT_EQ(planted.code(), ExitCode::gate_crossed) << number;
        EXPECT_NEAR(*power::gated_time(planted, job.cells()[0]).relative, 0.1, 0.02) << number;
        EXPECT_EQ(job.judged(power::Plant{job.cells()[0], -0.1}).code(), ExitCode::ok) << "better is no crossing";
    }
}

TEST(power_jobs, without_a_block_a_job_is_the_same_but_for_that_block) {
    std::vector<power::Slice> slices = Recording().slices();
    for (std::size_t index = 0; index < slices.size(); ++index) slices[index].block = index / 8;
    const auto all = power::drawn(slices, 24, 7), without = power::drawn(slices, 24, 7, 1);
    std::size_t other = 0;
    for (std::size_t index = 0; index < all.size(); ++index) {
        EXPECT_NE(without[index]->block, 1U);
        other += all[index] != without[index] ? 1 : 0;
        EXPECT_EQ(all[index] != without[index], all[index]->block == 1) << index;
    }
    EXPECT_GT(other, 0U);
}

TEST(power_jobs, leaving_out_what_is_not_gated_changes_no_verdict) {
    Recording recording;
    for (MadeUpFolder* const side : {&recording.base, &recording.control, &recording.head})
        side->times(Source::client, {"elapsed_ns", ""}, drifting(side == &recording.head ? 9 : 8));
    const std::vector<power::Slice> slices = recording.slices();
    const compare::Gate gate = compare::load_gate("");
    const auto gated = power::gated_only(slices, gate);
    EXPECT_EQ(gated[0].sides[0].size(), 2U);
    EXPECT_EQ(slices[0].sides[0].size(), 4U);
    const CellKey cell = MadeUpFolder::load();
    for (const double relative : {0.02, 0.04, 0.1}) {
        const auto of = [&](const std::vector<power::Slice>& from) {
            const compare::Comparison judged = power::Job(power::drawn(from, 24, 3), gate).judged(power::Plant{cell, relative});
            return std::pair(power::gated_time(judged, cell).verdict, power::gated_time(judged, cell).interval->low);
        };
        EXPECT_EQ(of(slices), of(gated)) << relative;
    }
}

TEST(power_jobs, a_plant_in_another_cell_changes_nothing) {
    const std::vector<power::Slice> slices = Recording().slices();
    const power::Job job(power::drawn(slices, 24, 1), compare::load_gate(""));
    CellKey other = MadeUpFolder::load();
    other.op = "set";
    EXPECT_EQ(job.judged(power::Plant{other, 0.5}).code(), ExitCode::ok);
}

}  // namespace
}  // namespace tare
