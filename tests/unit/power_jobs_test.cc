// SPDX-License-Identifier: Apache-2.0
// Jobs drawn from recorded slices: what is planted in them is found, what drifts in all arms alike is not, and a slice is whole.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/power/resample.h"
#include "tests/unit/made_up_comparison.h"

namespace tare {
namespace {

constexpr std::size_t windows = 48;

// CPU times of ten requests that differ by up to 2 % either way, around a mean that drifts by half over the recording.
std::vector<std::uint64_t> drifting(std::uint64_t arm, std::size_t count = windows) {
    std::mt19937_64 random(arm);
    std::vector<std::uint64_t> values;
    for (std::size_t window = 0; window < count; ++window) {
        const double drift = 1 + 0.5 * static_cast<double>(window / 2) / (windows / 2.0);
        const double noise = 1 + 0.04 * (static_cast<double>(random() % 1000) / 1000 - 0.5);
        values.push_back(static_cast<std::uint64_t>(60000 * drift * noise));
    }
    return values;
}

struct Recording {
    MadeUpFolder base, control, head;

    explicit Recording(std::size_t head_windows = windows) {
        base.times("rusage", {"cpu_ns", ""}, drifting(1));
        control.times("rusage", {"cpu_ns", ""}, drifting(2));
        head.times("rusage", {"cpu_ns", ""}, drifting(3, head_windows));
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
        std::mt19937_64 random(number);
        const power::Job job(power::drawn(slices, 24, random), gate);
        ASSERT_EQ(job.cells(), std::vector<CellKey>{MadeUpFolder::load()});
        EXPECT_EQ(job.judged().code(), ExitCode::ok) << number;
        EXPECT_EQ(job.alike().code(), ExitCode::ok) << number;
        const compare::Comparison planted = job.judged(power::Plant{job.cells()[0], 0.1});
        EXPECT_EQ(planted.code(), ExitCode::gate_crossed) << number;
        EXPECT_NEAR(*power::gated_time(planted, job.cells()[0]).relative, 0.1, 0.02) << number;
        EXPECT_EQ(job.judged(power::Plant{job.cells()[0], -0.1}).code(), ExitCode::ok) << "better is no crossing";
    }
}

TEST(power_jobs, a_plant_in_another_cell_changes_nothing) {
    const std::vector<power::Slice> slices = Recording().slices();
    std::mt19937_64 random(1);
    const power::Job job(power::drawn(slices, 24, random), compare::load_gate(""));
    CellKey other = MadeUpFolder::load();
    other.op = "set";
    EXPECT_EQ(job.judged(power::Plant{other, 0.5}).code(), ExitCode::ok);
}

}  // namespace
}  // namespace tare
