// SPDX-License-Identifier: Apache-2.0
// A contrast of a suite: subjects that are asked the same under load, in short slices and in turn, until it is known well enough
// how many times the first one's CPU time a request of each other takes. How it is run, contrast_session.h says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/bench/cell.h"
#include "run/contrast_row.h"

namespace tare {

inline constexpr std::size_t contrast_subjects_least = 2;
inline constexpr std::size_t contrast_subjects_most = 8;

struct Contrast {
    std::string name;
    std::vector<Cell> subjects;  // timed builds and external servers, all of one workload and one LoadSettings
    double precision = 0;        // it ends when no interval is wider: half of it, as a share of the ratio
    std::uint64_t budget_s = 0;  // or after this time, whatever is known by then
    std::uint64_t slice_ms = 0;

    const CellKey& workload() const { return subjects.front().key; }
};

// Who is asked in a block: the subjects, and the first of them once more.
struct ContrastArm {
    const Cell* cell = nullptr;
    ContrastRole role = ContrastRole::other;
};

// Of a contrast that outlives them.
inline std::vector<ContrastArm> arms_of(const Contrast& contrast) {
    std::vector<ContrastArm> arms;
    for (const Cell& subject : contrast.subjects)
        arms.push_back({&subject, arms.empty() ? ContrastRole::first : ContrastRole::other});
    arms.push_back({contrast.subjects.data(), ContrastRole::control});
    return arms;
}

// "contrast NAME": what --only is matched against, and what progress shows.
inline std::string to_string(const Contrast& contrast) { return "contrast " + contrast.name; }

}  // namespace tare
