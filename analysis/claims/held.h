// SPDX-License-Identifier: Apache-2.0
// One claim held against one number and its parts; which number that is, is the business of judge.cc and under_load.cc.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/claims/judge.h"
#include "analysis/model/count.h"

namespace tare {

// Whether a number is as claimed. Counts are held exactly; a slope of copied bytes carries the digits of the value's size in
// headers with it, which are a few thousandths.
bool holds(const ClaimedNumber& claimed, double measured, const std::string& metric);

// "3.004" where "%.3f" would hide a difference.
std::string number_text(double number);

// The count's parts by the names that claims have: queue operations by what they are for (opcode_family()).
std::map<std::string, PerRequest> parts_by_claimed_names(const Count& count, const std::string& metric);

inline constexpr const char* counters_disagree = "the independent counters disagree";

// What one window shows of a claim.
Judgement hold(const Claim& claim, const std::string& op, const Count& count);

}  // namespace tare
