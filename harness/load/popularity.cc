// SPDX-License-Identifier: Apache-2.0
#include "harness/load/popularity.h"

#include <cmath>
#include <limits>

#include "core/error.h"

namespace tare {

KeyPopularity::KeyPopularity(const Popularity& popularity, std::uint64_t key_count) : key_count_(key_count) {
    constexpr std::uint64_t key_count_max = std::uint64_t{1} << 32;
    if (key_count == 0 || key_count > key_count_max) throw usage_error("the number of keys is from 1 to 2^32");
    if (!popularity.zipf_exponent) return;
    const double exponent = *popularity.zipf_exponent;
    if (!std::isfinite(exponent) || exponent < 0) throw usage_error("a Zipf exponent is 0 or more");

    // Each column gets a share of one: what is missing in a small one is taken from a large one.
    std::vector<double> share(key_count);
    double sum = 0;
    for (std::uint64_t key = 0; key < key_count; ++key) sum += share[key] = std::pow(static_cast<double>(key + 1), -exponent);
    for (double& each : share) each *= static_cast<double>(key_count) / sum;
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::uint64_t key = 0; key < key_count; ++key)
        (share[key] < 1 ? small : large).push_back(static_cast<std::uint32_t>(key));
    columns_.resize(key_count);
    for (std::uint64_t key = 0; key < key_count; ++key)
        columns_[key] = {std::numeric_limits<std::uint32_t>::max(), static_cast<std::uint32_t>(key)};
    while (!small.empty() && !large.empty()) {
        const std::uint32_t taker = small.back();
        const std::uint32_t giver = large.back();
        small.pop_back();
        columns_[taker] = {static_cast<std::uint32_t>(share[taker] * std::numeric_limits<std::uint32_t>::max()), giver};
        share[giver] -= 1 - share[taker];
        if (share[giver] >= 1) continue;
        large.pop_back();
        small.push_back(giver);
    }
}

}  // namespace tare
