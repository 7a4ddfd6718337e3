// SPDX-License-Identifier: Apache-2.0
// The name of what one source counts.
#pragma once

#include <compare>
#include <string>

namespace tare {

// A metric, and the part of it (empty for the total).
struct Quantity {
    std::string metric;
    std::string detail;
    friend auto operator<=>(const Quantity&, const Quantity&) = default;
};

}  // namespace tare
