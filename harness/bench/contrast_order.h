// SPDX-License-Identifier: Apache-2.0
// In which order the arms of a contrast are asked, and when enough is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "analysis/model/contrast.h"

namespace tare {

// A generation of processes is asked in so many blocks, and then ended.
inline constexpr std::uint64_t blocks_per_generation = 4;
// Before that many generations a contrast does not end because its intervals are narrow: by chance the first few may be.
inline constexpr std::size_t generations_least = 10;

// One block: every arm once in a drawn order, and once more in the reverse of it, so that a steady drift falls on all alike and
// each arm's mean place is the same.
std::vector<std::size_t> block_order(std::size_t arms, std::mt19937_64& random);

enum class ContrastEnd : std::uint8_t { precision, budget, nothing_to_contrast };
inline constexpr std::array<std::string_view, 3> contrast_end_names{"precision", "budget", "nothing to contrast"};
constexpr std::string_view name_of(ContrastEnd end) { return contrast_end_names[static_cast<std::size_t>(end)]; }

// Whether the contrast ends after this block, and why: by the width of its intervals and the time, never by where they lie.
std::optional<ContrastEnd> end_of(const ContrastRatios& ratios, double precision, bool generation_is_whole, double elapsed_s,
                                  double budget_s);

}  // namespace tare
