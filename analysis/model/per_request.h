// SPDX-License-Identifier: Apache-2.0
// A count per request, or the reason why there is none.
#pragma once

#include <cstdint>
#include <string>

#include "core/measured.h"

namespace tare {

using PerRequest = Measured<double>;

// Equal fractions give equal numbers: a division is rounded the same way for both. Of a present reading `requests` is above 0.
PerRequest per_request(const Measured<std::uint64_t>& reading, std::uint64_t requests);

// "2", or "2.417" where it is no whole number.
std::string count_text(double per_request);

// Absence passes on, without the bounds that its reason may begin with: what is known of a part is not known of a sum with it.
PerRequest operator+(const PerRequest& left, const PerRequest& right);
PerRequest operator-(const PerRequest& left, const PerRequest& right);

}  // namespace tare
