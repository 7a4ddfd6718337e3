// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/contrast_order.h"

#include <algorithm>
#include <numeric>

namespace tare {

std::vector<std::size_t> block_order(std::size_t arms, std::mt19937_64& random) {
    std::vector<std::size_t> there(arms);
    std::iota(there.begin(), there.end(), 0);
    std::shuffle(there.begin(), there.end(), random);
    std::vector<std::size_t> order = there;
    order.insert(order.end(), there.rbegin(), there.rend());
    return order;
}

std::optional<ContrastEnd> end_of(const ContrastRatios& ratios, double precision, bool generation_is_whole, double elapsed_s,
                                  double budget_s) {
    if (elapsed_s >= budget_s) return ContrastEnd::budget;
    if (!generation_is_whole || ratios.generations() < generations_least) return std::nullopt;
    const std::optional<double> widest = ratios.widest();
    if (widest && *widest <= precision) return ContrastEnd::precision;
    return std::nullopt;
}

}  // namespace tare
