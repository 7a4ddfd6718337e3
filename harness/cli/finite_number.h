// SPDX-License-Identifier: Apache-2.0
// The numbers that options take. CLI11's own checks let nan pass, which is neither below nor above anything.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace tare::cli {

// A finite number from `low` to `high`, both in.
CLI::Validator number_within(double low, double high);
// Above 0 and at most `high`.
CLI::Validator number_up_to(double high);

// Digits alone, from `low` to `high`, that 64 bits hold: CLI11 makes 2^64 - 1 of -1 and of more.
CLI::Validator whole_number(std::uint64_t low, std::uint64_t high = std::numeric_limits<std::uint64_t>::max());

}  // namespace tare::cli
