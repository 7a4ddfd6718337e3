// SPDX-License-Identifier: Apache-2.0
// The values of all keys, as slices of one random text: a key's number says where its slice begins, so that neither client
// nor test keeps a value for each key. Each key has two versions of its value, for sets to change it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tare {

class ValuePool {
public:
    // Key number i has the size at i modulo the list's length, in bytes. Any byte may stand in a value, line ends among them; of
    // text only letters and digits.
    ValuePool(std::vector<std::uint64_t> value_bytes, std::uint64_t seed, bool is_text = false);

    std::uint64_t size_bytes(std::uint64_t key) const { return sizes_.size() == 1 ? sizes_[0] : sizes_[key % sizes_.size()]; }
    const std::vector<std::uint64_t>& sizes() const { return sizes_; }
    // `version` is 0 or 1.
    const char* text(std::uint64_t key, unsigned version) const {
        // Fibonacci hashing: neighbours lie far apart, and the two versions half the pool.
        const std::uint64_t hashed = (key * 0x9e3779b97f4a7c15U) >> (64 - offset_bits);
        return pool_.data() + (hashed ^ (std::uint64_t{version} << (offset_bits - 1)));
    }

private:
    static constexpr unsigned offset_bits = 16;

    std::vector<std::uint64_t> sizes_;
    std::string pool_;
};

}  // namespace tare
