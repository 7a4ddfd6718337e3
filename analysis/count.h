// SPDX-License-Identifier: Apache-2.0
// A metric of the seed's tables as this run counted it: put together from the quantities of observations.csv, with the
// witnesses that counted the total.
#pragma once

#include <map>
#include <string>

#include "analysis/measurements.h"

namespace tare {

struct Count {
    Figure total{Absent{"not in this run"}};
    std::map<std::string, Figure> parts;
    std::string witnesses;
    bool agreed = true;       // false: two witnesses of the same thing differ
    bool parts_named = true;  // false: whoever counted the total has other names for its parts than a claim
};

// `metric` as in analysis/claims/seed.toml: syscalls, allocations, queue_ops, data_copies, text_copies or value_copies. Of
// the smallest value that the run has, but for value_copies, which needs a second one.
Count count_of(const Measurements& measured, const VariantName& variant, const std::string& op, const std::string& metric);

}  // namespace tare
