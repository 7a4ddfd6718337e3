// SPDX-License-Identifier: Apache-2.0
// Jobs of `tare ab` made of recorded ones: whole slices drawn anew, a change planted by scaling the head's times, and judged as
// the command judges. Thousands of jobs cost seconds, where each recorded one costs a minute.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <regex>
#include <vector>

#include "analysis/compare/comparison.h"

namespace tare::power {

enum class Side : std::uint8_t { base, control, head };
inline constexpr std::size_t side_count = 3;

// One turn ABCCBA of every load cell: what the three sides saw in its two repetitions, which are numbered 0 and 1.
struct Slice {
    std::size_t block = 0;  // which recording it is from
    std::array<std::vector<Observation>, side_count> sides;
};

// Three runs' folders of one `tare ab`, by side.
using Recorded = std::array<std::filesystem::path, side_count>;

// The whole slices of a recording, in the order of time, with the load cells whose name holds `only`; what lacks its second
// repetition is left out. Throws data_refused for a run that is not intact.
std::vector<Slice> slices_of(const Recorded& runs, std::size_t block, const std::regex& only);

// The same with nothing but what the gate judges of the times: what else there is does not decide whether it is crossed.
std::vector<Slice> gated_only(const std::vector<Slice>& slices, const compare::Gate& gate);

// So many slices, each drawn from all. The same seed draws the same ones; of those from the block `without` others are drawn
// instead, so that two jobs of one seed differ in nothing else. Asserts that there are others.
std::vector<const Slice*> drawn(const std::vector<Slice>& slices, std::size_t count, std::uint64_t seed,
                                std::optional<std::size_t> without = std::nullopt);

// A change of the server's times in one cell: 0.05 makes it take 5 % more.
struct Plant {
    CellKey cell;
    double relative = 0;
};

class Job {
public:
    Job(const std::vector<const Slice*>& slices, const compare::Gate& gate);

    // The cells whose times the gate judges.
    const std::vector<CellKey>& cells() const { return cells_; }
    // Head against base, in the light of the control.
    compare::Comparison judged(const std::optional<Plant>& plant = std::nullopt) const;
    // The control against the base.
    compare::Comparison alike() const;

private:
    compare::Gate gate_;
    std::vector<compare::Row> rows_;
    std::vector<compare::Row> control_rows_;
    compare::Control control_;
    std::vector<CellKey> cells_;
};

// The gated time of a cell.
const compare::ComparedRow& gated_time(const compare::Comparison& comparison, const CellKey& cell);

}  // namespace tare::power
