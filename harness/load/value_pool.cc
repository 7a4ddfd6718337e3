// SPDX-License-Identifier: Apache-2.0
#include "harness/load/value_pool.h"

#include <algorithm>
#include <random>
#include <string_view>

#include "core/check.h"

namespace tare {

ValuePool::ValuePool(std::vector<std::uint64_t> value_bytes, std::uint64_t seed, bool is_text) : sizes_(std::move(value_bytes)) {
    check(!sizes_.empty(), "values need a size");
    pool_.resize((std::size_t{1} << offset_bits) + *std::max_element(sizes_.begin(), sizes_.end()));
    std::mt19937_64 random(seed);
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (char& byte : pool_) byte = is_text ? letters[random() % letters.size()] : static_cast<char>(random() >> 56);
}

}  // namespace tare
