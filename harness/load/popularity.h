// SPDX-License-Identifier: Apache-2.0
// Draws the number of the key that a request asks for.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/load/load_plan.h"

namespace tare {

// Uniform, or by Zipf: the chance of key number i is proportional to 1/(i+1)^exponent. Zipf is drawn from a table of Walker's
// alias method, made once: any exponent from 0 on (absl::zipf_distribution knows none up to 1, which caches have), and a draw
// costs one look-up. Eight bytes a key; threads may share it.
class KeyPopularity {
public:
    // Throws usage_error for an exponent below 0, or no keys, or more than 2^32.
    KeyPopularity(const Popularity& popularity, std::uint64_t key_count);

    // The key for 64 uniformly random bits, from 0 to key_count - 1.
    std::uint64_t draw(std::uint64_t random) const {
        const auto column = static_cast<std::uint64_t>((static_cast<unsigned __int128>(random) * key_count_) >> 64);
        if (columns_.empty()) return column;
        // What the multiplication shifted out is uniform as well, within the column.
        const auto within = static_cast<std::uint32_t>((random * key_count_) >> 32);
        const Column& chosen = columns_[column];
        return within < chosen.own ? column : chosen.alias;
    }

private:
    struct Column {
        std::uint32_t own;  // of 2^32: how often the column stands for its own key
        std::uint32_t alias;
    };

    std::uint64_t key_count_;
    std::vector<Column> columns_;  // empty: uniform
};

}  // namespace tare
